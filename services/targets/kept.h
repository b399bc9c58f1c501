/* One target in one piece of memory: the packed bytes of its last event, and behind a small head
 * what was computed from them. A view of it is those bytes with further pairs behind them; nothing
 * that stands in the ledger is encoded a second time. */
#ifndef MISAQ_TARGETS_KEPT_H
#define MISAQ_TARGETS_KEPT_H

#include "base/buf.h"
#include "phasing.h"
#include "quality.h"

/* A piece of the packed bytes, which are at most 64 KiB. */
struct kept_slice {
    uint16_t from, len;
};

enum kept_text { KEPT_STATEMENT, KEPT_MEASURE, KEPT_SOURCE, KEPT_TEXTS };

struct kept {
    uint32_t packed_len;
    struct kept_slice texts[KEPT_TEXTS]; /* those that a text search reads */
    int64_t projection, ratio;           /* of the ambition, where it has them */
    bool has_projection, has_ratio;
    uint8_t verdict, phasing_flag;
    struct quality quality;
    uint8_t years, periods; /* rows of numbers below, and shares in each */
    int32_t numbers[];      /* a year each: year, flag, centroid, shares; then the packed bytes */
};

/* Computes and keeps. `promise` is what `packed` says, its texts borrowed from there; `class` is
 * what it counts as. */
struct kept *kept_new(const struct target_promise *promise, enum target_class class,
    struct text packed, const struct cycle *cycle);
struct text kept_packed(const struct kept *kept);
struct text kept_text(const struct kept *kept, enum kept_text which);
/* Fills in the computed members of a view. */
void kept_show(const struct kept *kept, struct target *view);

#endif
