/* The computed numbers are folded into as few bytes as hold them: 15,000 targets are few, ten
 * times that is a government with its districts. */
#include "kept.h"

#include "ambition.h"

#include "base/must.h"

#include <stdlib.h>

#define ROW_HEAD 3 /* year, flag, centroid */

static size_t numbers_of(const struct kept *kept)
{
    return (size_t)kept->years * (ROW_HEAD + (size_t)kept->periods);
}

static struct kept_slice slice_of(struct text packed, struct text text)
{
    if (text.len == 0)
        return (struct kept_slice){0};
    must(text.at > packed.at && text.at + text.len <= packed.at + packed.len);
    return (struct kept_slice){(uint16_t)(text.at - packed.at), (uint16_t)text.len};
}

static int32_t narrow(int64_t value)
{
    return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

static void keep_years(struct kept *kept, const struct phasing_year *years)
{
    int32_t *row = kept->numbers;
    for (uint32_t y = 0; y < kept->years; y++, row += ROW_HEAD + kept->periods) {
        row[0] = (int32_t)years[y].year.value;
        row[1] = (int32_t)years[y].flag;
        row[2] = narrow(years[y].centroid.thousandths);
        for (uint32_t i = 0; i < kept->periods; i++)
            row[ROW_HEAD + i] = narrow(years[y].shares.at[i]);
    }
}

struct kept *kept_new(const struct target_promise *promise, enum target_class class,
    struct text packed, const struct cycle *cycle)
{
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag flag;
    uint32_t count = phasing_spread(promise, cycle, years, &flag);
    struct ambition ambition = ambition_of(promise, cycle);
    uint32_t periods = (uint32_t)cycle->periods_a_year.value;
    size_t numbers = count * (ROW_HEAD + (size_t)periods);
    struct kept *kept = malloc(sizeof *kept + numbers * sizeof *kept->numbers + packed.len);
    must(kept && packed.len <= UINT16_MAX + 1);
    *kept = (struct kept){
        .packed_len = (uint32_t)packed.len,
        .texts = {[KEPT_STATEMENT] = slice_of(packed, promise->statement),
            [KEPT_MEASURE] = slice_of(packed, promise->measure),
            [KEPT_SOURCE] = slice_of(packed, promise->source)},
        .projection = ambition.projection.thousandths,
        .ratio = ambition.ratio.thousandths,
        .has_projection = ambition.projection.given,
        .has_ratio = ambition.ratio.given,
        .verdict = (uint8_t)ambition.verdict,
        .phasing_flag = (uint8_t)flag,
        .quality = quality_of(promise, class, cycle, flag, ambition.verdict),
        .years = (uint8_t)count,
        .periods = (uint8_t)periods,
    };
    keep_years(kept, years);
    memcpy(kept->numbers + numbers, packed.at, packed.len);
    return kept;
}

struct text kept_packed(const struct kept *kept)
{
    return (struct text){(const char *)(kept->numbers + numbers_of(kept)), kept->packed_len};
}

struct text kept_text(const struct kept *kept, enum kept_text which)
{
    struct kept_slice slice = kept->texts[which];
    return (struct text){kept_packed(kept).at + slice.from, slice.len};
}

static void show_years(const struct kept *kept, struct target *view)
{
    const int32_t *row = kept->numbers;
    view->phasing.head = (struct list_head){.count = kept->years, .given = kept->years > 0};
    for (uint32_t y = 0; y < kept->years; y++, row += ROW_HEAD + kept->periods) {
        struct phasing_year *year = &view->phasing.at[y];
        year->year = (struct whole){row[0], true};
        year->flag = (enum phasing_flag)row[1];
        year->centroid = (struct decimal){row[2], true};
        year->shares.head = (struct list_head){.count = kept->periods, .given = true};
        for (uint32_t i = 0; i < kept->periods; i++)
            year->shares.at[i] = row[ROW_HEAD + i];
    }
}

void kept_show(const struct kept *kept, struct target *view)
{
    view->phasing_flag = (enum phasing_flag)kept->phasing_flag;
    show_years(kept, view);
    view->has_ambition = true;
    view->ambition = (struct ambition){
        .verdict = (enum ambition_verdict)kept->verdict,
        .projection = {kept->projection, kept->has_projection},
        .ratio = {kept->ratio, kept->has_ratio},
    };
    view->quality = (struct whole){kept->quality.sum, true};
    view->quality_parts.head = (struct list_head){QUALITY_CRITERIA - 1, true};
    for (int c = 1; c < QUALITY_CRITERIA; c++)
        view->quality_parts.at[c - 1] = (struct quality_part){
            .criterion = (enum quality_criterion)c,
            .points = {kept->quality.points[c], true},
            .of = {quality_most((enum quality_criterion)c), true},
        };
}
