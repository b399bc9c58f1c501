/* Two threads beside the loop, for the few questions that take long. They share nothing with it but
 * the two queues below: an order goes in, a reply comes out, and whoever holds one owns it alone.
 * All else that a worker may call (packing records) must have no state that is filled in late. */
#include "service/errands.h"

#include "base/clock.h"
#include "base/must.h"

#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utlist.h>

#define WORKERS   2
#define ORDER_MAX (64u * 1024u)

struct errand {
    struct errand *prev, *next;
    const struct service_errand *what;
    void *owner;
    uint64_t due_us;
    struct buf order;
    struct reply *reply;
    struct faults why;
    enum err err;
};

struct worker {
    struct errands *errands;
    void *tools;
    pthread_t thread;
};

struct errands {
    const struct service *service;
    struct worker workers[WORKERS];
    size_t opened, started; /* workers with tools, with a thread */
    int fd;

    /* of the loop alone */
    struct errand *idle, *next, *shown; /* next: being ordered; shown: what errands_done() gave */
    size_t count, under_way;            /* all that there are; those sent and not yet back */

    pthread_mutex_t lock;
    pthread_cond_t wanted; /* something is queued, or it is over */
    struct errand *queued, *done;
    bool over;
};

/* ---- the workers ---- */
static void run(struct worker *worker, struct errand *errand)
{
    faults_clear(&errand->why);
    reply_empty(errand->reply);
    if (clock_mono_us() >= errand->due_us)
        errand->err = faults_add(&errand->why, ERR_DEADLINE, "", "nobody waits for it any more");
    else
        errand->err = errand->what->run(
            worker->tools, buf_as_text(&errand->order), errand->reply, &errand->why);
    if (errand->err != OK && errand->why.total == 0)
        (void)faults_add(&errand->why, errand->err, "", "%s", err_sentence(errand->err));
    if (errand->order.at)
        sodium_memzero(errand->order.at, errand->order.len); /* it may have been a password */
}

static void *work(void *owner)
{
    struct worker *worker = owner;
    struct errands *errands = worker->errands;
    must(pthread_mutex_lock(&errands->lock) == 0);
    for (;;) {
        while (!errands->queued && !errands->over)
            must(pthread_cond_wait(&errands->wanted, &errands->lock) == 0);
        if (errands->over)
            break;
        struct errand *errand = errands->queued;
        DL_DELETE(errands->queued, errand);
        must(pthread_mutex_unlock(&errands->lock) == 0);
        run(worker, errand);
        must(pthread_mutex_lock(&errands->lock) == 0);
        DL_APPEND(errands->done, errand);
        must(eventfd_write(errands->fd, 1) == 0);
    }
    must(pthread_mutex_unlock(&errands->lock) == 0);
    return NULL;
}

/* ---- beginning and end ---- */
/* Signals are the loop's: a thread begins with all of them blocked. */
static void start(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    must(pthread_create(&worker->thread, NULL, work, worker) == 0);
    must(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

/* The slots of a record are filled in at their first use: threads must find them there. */
static void prepare_records(void)
{
    const struct record *record;
    for (size_t i = 0; (record = record_at(i)); i++)
        (void)record_slots(record);
}

enum err errands_open(const struct service *service, const struct settings *settings,
    struct errands **ret_errands, struct faults *why)
{
    *ret_errands = NULL;
    if (service->errand_count == 0)
        return OK;
    struct errands *errands = calloc(1, sizeof *errands);
    must(errands);
    errands->service = service;
    errands->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    must(errands->fd >= 0);
    must(pthread_mutex_init(&errands->lock, NULL) == 0);
    must(pthread_cond_init(&errands->wanted, NULL) == 0);
    for (; errands->opened < WORKERS; errands->opened++) {
        struct worker *worker = &errands->workers[errands->opened];
        worker->errands = errands;
        enum err err =
            service->tools_open ? service->tools_open(settings, &worker->tools, why) : OK;
        if (err != OK) {
            errands_close(errands);
            return err;
        }
    }
    prepare_records();
    for (; errands->started < WORKERS; errands->started++)
        start(&errands->workers[errands->started]);
    *ret_errands = errands;
    return OK;
}

static void free_errand(struct errand *errand)
{
    if (!errand)
        return;
    if (errand->order.at)
        sodium_memzero(errand->order.at, errand->order.room);
    buf_free(&errand->order);
    reply_close(errand->reply);
    free(errand);
}

static void free_list(struct errand *first)
{
    for (struct errand *errand = first, *next; errand; errand = next) {
        next = errand->next;
        free_errand(errand);
    }
}

void errands_close(struct errands *errands)
{
    if (!errands)
        return;
    must(pthread_mutex_lock(&errands->lock) == 0);
    errands->over = true;
    must(pthread_cond_broadcast(&errands->wanted) == 0);
    must(pthread_mutex_unlock(&errands->lock) == 0);
    for (size_t i = 0; i < errands->started; i++)
        must(pthread_join(errands->workers[i].thread, NULL) == 0);
    for (size_t i = 0; i < errands->opened; i++)
        if (errands->service->tools_close)
            errands->service->tools_close(errands->workers[i].tools);
    free_list(errands->queued);
    free_list(errands->done);
    free_list(errands->idle);
    free_errand(errands->next);
    free_errand(errands->shown);
    must(pthread_cond_destroy(&errands->wanted) == 0);
    must(pthread_mutex_destroy(&errands->lock) == 0);
    (void)close(errands->fd);
    free(errands);
}

/* ---- the loop's side ---- */
int errands_fd(const struct errands *errands)
{
    return errands->fd;
}

struct buf *errands_order(struct errands *errands)
{
    struct errand *errand = errands->next;
    if (!errand && errands->idle) {
        errand = errands->idle;
        DL_DELETE(errands->idle, errand);
    } else if (!errand && errands->count < ERRANDS_MAX) {
        errand = calloc(1, sizeof *errand);
        must(errand);
        errand->order = BUF(ORDER_MAX);
        errand->reply = reply_open();
        errands->count++;
    }
    errands->next = errand;
    if (!errand)
        return NULL;
    buf_clear(&errand->order);
    return &errand->order;
}

void errands_send(
    struct errands *errands, const struct service_errand *errand, void *owner, uint64_t due_us)
{
    struct errand *next = errands->next;
    must(next && !next->order.full);
    errands->next = NULL;
    next->what = errand;
    next->owner = owner;
    next->due_us = due_us;
    errands->under_way++;
    must(pthread_mutex_lock(&errands->lock) == 0);
    DL_APPEND(errands->queued, next);
    must(pthread_cond_signal(&errands->wanted) == 0);
    must(pthread_mutex_unlock(&errands->lock) == 0);
}

bool errands_done(struct errands *errands, struct errand_result *ret_result)
{
    if (errands->shown)
        DL_APPEND(errands->idle, errands->shown);
    errands->shown = NULL;
    if (errands->under_way == 0)
        return false;
    eventfd_t times;
    (void)!eventfd_read(errands->fd, &times); /* before looking: what comes later wakes again */
    must(pthread_mutex_lock(&errands->lock) == 0);
    struct errand *done = errands->done;
    if (done)
        DL_DELETE(errands->done, done);
    must(pthread_mutex_unlock(&errands->lock) == 0);
    if (!done)
        return false;
    errands->shown = done;
    errands->under_way--;
    *ret_result = (struct errand_result){done->owner, done->err, done->reply, &done->why};
    return true;
}
