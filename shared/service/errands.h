/* Workers that run what would hold the loop; see service_errand in service.h. */
#ifndef MISAQ_SERVICE_ERRANDS_H
#define MISAQ_SERVICE_ERRANDS_H

#include "service/reply.h"

struct errands;

/* An errand that is done, as the loop gets it back: borrowed until errands_done() is called again.
 * `owner` is what errands_send() was given. */
struct errand_result {
    void *owner;
    enum err err;
    const struct reply *reply;
    const struct faults *why;
};

/* Starts the workers, each with its tools; NULL in *ret_errands for a service without errands. */
enum err errands_open(const struct service *service, const struct settings *settings,
    struct errands **ret_errands, struct faults *why) MUST_CHECK;
/* Waits for what is being run; drops what is queued. */
void errands_close(struct errands *errands);

/* Readable when something is done. */
int errands_fd(const struct errands *errands);

/* A buffer for the order of the next errand, empty; NULL when ERRANDS_MAX are under way. */
#define ERRANDS_MAX 64
struct buf *errands_order(struct errands *errands);
/* Queues it, with what was written into that buffer. It is not begun after `due_us`. */
void errands_send(
    struct errands *errands, const struct service_errand *errand, void *owner, uint64_t due_us);
/* The next one that is done; false: none. */
bool errands_done(struct errands *errands, struct errand_result *ret_result);

#endif
