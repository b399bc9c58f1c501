/* The end of a uthash table that owns what it holds. */
#ifndef MISAQ_BASE_HASHES_H
#define MISAQ_BASE_HASHES_H

#include <uthash.h>

/* Frees every thing of a table with free_one; things go on pointing to each other when the table
 * itself is gone. */
#define HASHES_FREE(table, type, free_one)                                                         \
    do {                                                                                           \
        struct type *one = table, *next;                                                           \
        HASH_CLEAR(hh, table);                                                                     \
        for (; one; one = next) {                                                                  \
            next = one->hh.next;                                                                   \
            free_one(one);                                                                         \
        }                                                                                          \
    } while (0)

#endif
