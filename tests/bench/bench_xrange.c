/* The ceiling of a replay: the ledger read page by page with nothing done to it.
 *
 *   bench_xrange SOCKET STREAM COUNT   says "<entries> <bytes> <microseconds>" */
#include "base/clock.h"
#include "base/must.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    must(argc == 4);
    unsigned long long most = strtoull(argv[3], NULL, 10), entries = 0, count;
    uint64_t began_us = clock_mono_us(), bytes = 0;
    redisContext *redis = redisConnectUnix(argv[1]);
    if (!redis || redis->err) {
        (void)fprintf(stderr, "%s: %s\n", argv[1], redis ? redis->errstr : "no memory");
        return 1;
    }
    do { /* positions have no holes: the next page begins behind as many entries as came */
        redisReply *page =
            redisCommand(redis, "XRANGE %s %llu + COUNT %llu", argv[2], entries + 1, most);
        must(page && page->type == REDIS_REPLY_ARRAY);
        count = page->elements;
        for (unsigned long long i = 0; i < count; i++)
            bytes += page->element[i]->element[1]->element[1]->len;
        entries += count;
        freeReplyObject(page);
    } while (count == most);
    redisFree(redis);
    (void)printf("%llu %" PRIu64 " %" PRIu64 "\n", entries, bytes, clock_mono_us() - began_us);
    return 0;
}
