// The part of OpenSSL's libcrypto, 1.1 or newer, that is used: message digests.
#ifndef TLBENCH_COPENSSL_SHIM_H
#define TLBENCH_COPENSSL_SHIM_H

#include <openssl/evp.h>

#endif
