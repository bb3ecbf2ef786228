// Waiting for another thread without sleeping.

#ifndef PROCESSOR_PAUSE_H
#define PROCESSOR_PAUSE_H

/// Leaves the processor's core to its other thread for a moment.
static inline void processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
