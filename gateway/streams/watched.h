/* Descriptors that the loop waits for in one set: each says itself what is to be done. */
#ifndef MISAQ_STREAMS_WATCHED_H
#define MISAQ_STREAMS_WATCHED_H

#include <stdint.h>

/* The first member of whatever has a descriptor. */
struct watched {
    void (*on_ready)(struct watched *watched, uint32_t events); /* as in epoll_ctl(2) */
    int fd;
};

#endif
