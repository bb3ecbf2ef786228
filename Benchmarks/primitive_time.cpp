// Measures the time that a program spends inside oneDNN: preloaded, it stands between the program
// and the two functions by which oneDNN computes, and writes what they took when the program ends.
//
//     LD_PRELOAD=primitive_time.so PRIMITIVE_TIME_FILE=FILE PROGRAM
//
// FILE gets {"seconds": ..., "calls": ...}, summed over all threads. With one OpenMP thread a
// primitive has done its work when its call returns, so elapsed time is the time of the work.

#include <dlfcn.h>
#include <dnnl.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

class Total {
 public:
  ~Total() {
    const char* path = std::getenv("PRIMITIVE_TIME_FILE");
    std::FILE* file = path ? std::fopen(path, "w") : nullptr;
    if (!file) return;
    std::fprintf(
        file, "{\"seconds\": %.6f, \"calls\": %lld}\n",
        static_cast<double>(nanoseconds_.load()) * 1e-9, calls_.load());
    std::fclose(file);
  }

  void add(std::chrono::steady_clock::duration spent) {
    nanoseconds_ += std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count();
    ++calls_;
  }

 private:
  std::atomic<long long> nanoseconds_{0}, calls_{0};
};

Total total;

// Runs oneDNN's own function of a name and adds the time that it takes.
template <typename Function, typename... Arguments>
dnnl_status_t timed(const char* name, Function*& original, Arguments... arguments) {
  if (!original) original = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  const auto start = std::chrono::steady_clock::now();
  const dnnl_status_t status = original(arguments...);
  total.add(std::chrono::steady_clock::now() - start);
  return status;
}

}  // namespace

extern "C" {

dnnl_status_t dnnl_primitive_execute(
    const_dnnl_primitive_t primitive, dnnl_stream_t stream, int count,
    const dnnl_exec_arg_t* arguments) {
  static decltype(dnnl_primitive_execute)* original = nullptr;
  return timed("dnnl_primitive_execute", original, primitive, stream, count, arguments);
}

dnnl_status_t dnnl_sgemm(
    char transA, char transB, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha,
    const float* a, dnnl_dim_t lda, const float* b, dnnl_dim_t ldb, float beta, float* c,
    dnnl_dim_t ldc) {
  static decltype(dnnl_sgemm)* original = nullptr;
  return timed(
      "dnnl_sgemm", original, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

}  // extern "C"
