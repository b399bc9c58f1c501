/* What deciders ask of a request. */
#include "service/service.h"

#include <stdio.h>

enum err request_row(const struct request *request, size_t index, void *ret, struct faults *why)
{
    char before[sizeof why->prefix];
    memcpy(before, why->prefix, sizeof before);
    (void)snprintf(why->prefix, sizeof why->prefix, "rows/%zu/", index);
    const struct record *row = message_row(request->message)->rows();
    enum err err = pack_read(row, request->rows[index], PACK_REFUSE, ret, why);
    memcpy(why->prefix, before, sizeof before);
    return err;
}

enum err request_expects(const struct request *request, uint64_t version, struct faults *why)
{
    if (!request->expected.given)
        return faults_add(why, ERR_UNCONDITIONAL, "",
            "a change names the version that it is based on (If-Match); it is at version %llu now",
            (unsigned long long)version);
    if ((uint64_t)request->expected.value != version)
        return faults_add(why, ERR_STALE, "",
            "it is at version %llu, you have read version %lld: read it again",
            (unsigned long long)version, (long long)request->expected.value);
    return OK;
}
