/* One walk over all targets in the order of their ids, which keeps the first of the page in a
 * sorted array: equal sort values stay in the order of ids because later ones are put behind. The
 * walk counts every match, so a page costs the same wherever it stands. */
#include "list.h"

#include "access.h"
#include "paging.h"
#include "search.h"
#include "view.h"

struct hit {
    int64_t key;
    const struct agreement_entry *agreement;
    const struct target_entry *target;
};

struct page {
    struct hit hits[PAGING_MOST + 1]; /* one more tells that there is a next page */
    size_t count, room;
    uint64_t total;
};

struct walk {
    const struct target_list *asked;
    enum target_sort sort;
    struct search_needle needle;
    struct paging_cursor after;
    struct text after_agreement; /* of the cursor */
    uint32_t after_number;
    struct page page;
};

/* What a list is sorted by, the least first. */
static int64_t sort_key(enum target_sort sort, const struct target_entry *target)
{
    switch (sort) {
    case SORT_ORDER:
        return target->order;
    case SORT_WEIGHT:
        return target->weight;
    case SORT_WEIGHT_DOWN:
        return -(int64_t)target->weight;
    case SORT_QUALITY:
        return target->quality;
    case SORT_QUALITY_DOWN:
        return -(int64_t)target->quality;
    case SORT_CHANGED: /* positions grow with time, and no two are equal */
        return (int64_t)target->position;
    case SORT_CHANGED_DOWN:
        return -(int64_t)target->position;
    case SORT_ID:
    case target_sort_UNSET:
        break;
    }
    return 0;
}

static bool text_or_any(struct text asked, struct text is)
{
    return !asked.at || text_equal(asked, is);
}

static bool agreement_matches(
    const struct target_list *asked, const struct agreement_entry *agreement)
{
    return text_or_any(asked->agreement, agreement->id) &&
           text_or_any(asked->body, agreement->facts.body) &&
           text_or_any(asked->cycle, agreement->facts.cycle) &&
           (!asked->state || asked->state == agreement->state);
}

static bool texts_match(const struct search_needle *needle, const struct target_entry *target)
{
    for (int which = 0; which < KEPT_TEXTS; which++)
        if (search_finds(needle, kept_text(target->kept, (enum kept_text)which)))
            return true;
    return false;
}

static bool target_matches(const struct walk *walk, const struct target_entry *target)
{
    const struct target_list *asked = walk->asked;
    return (!asked->class || asked->class == target->class) &&
           (!asked->direction || asked->direction == target->direction) &&
           (!asked->phasing_flag || asked->phasing_flag == target->phasing_flag) &&
           (!asked->weight_from.given || target->weight >= asked->weight_from.thousandths) &&
           (!asked->weight_to.given || target->weight <= asked->weight_to.thousandths) &&
           (!walk->needle.folded || texts_match(&walk->needle, target));
}

static void page_put(struct page *page, struct hit hit)
{
    if (page->count == page->room) {
        if (hit.key >= page->hits[page->count - 1].key)
            return;
        page->count--;
    }
    size_t low = 0, high = page->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (page->hits[middle].key <= hit.key)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&page->hits[low + 1], &page->hits[low], (page->count - low) * sizeof hit);
    page->hits[low] = hit;
    page->count++;
}

static void walk_agreement(struct walk *walk, const struct agreement_entry *agreement)
{
    int side = walk->after.given ? text_order(agreement->id, walk->after_agreement) : 1;
    for (size_t i = 0; i < agreement->target_count; i++) {
        const struct target_entry *target = &agreement->targets[i];
        if (!target_matches(walk, target))
            continue;
        walk->page.total++;
        int64_t key = sort_key(walk->sort, target);
        bool id_behind = side > 0 || (side == 0 && target->number > walk->after_number);
        if (!walk->after.given || key > walk->after.key || (key == walk->after.key && id_behind))
            page_put(&walk->page, (struct hit){key, agreement, target});
    }
}

static enum err walk_open(struct walk *walk, const struct target_list *asked, struct faults *why)
{
    walk->asked = asked;
    walk->sort = asked->sort ? asked->sort : SORT_ID;
    walk->page.count = 0;
    walk->page.total = 0;
    walk->page.room = (size_t)(asked->limit.given ? asked->limit.value : PAGING_DEFAULT) + 1;
    const char *sort = choices_word(target_sort_choices(), (int)walk->sort);
    enum err err = paging_read(asked->after, sort, &walk->after, why);
    if (err == OK && walk->after.given &&
        !model_split_target(walk->after.id, &walk->after_agreement, &walk->after_number))
        err = faults_add(why, ERR_INVALID, "after",
            "it is not where a list of targets ended; begin again without it");
    return err;
}

static void walk_reply(const struct walk *walk, struct reply *reply)
{
    const struct page *page = &walk->page;
    size_t shown = page->count < page->room ? page->count : page->room - 1;
    for (size_t i = 0; i < shown; i++)
        view_target(page->hits[i].agreement, page->hits[i].target, reply);
    reply_total(reply, page->total);
    if (shown < page->count) {
        const struct hit *last = &page->hits[shown - 1];
        char id[TARGET_ID_SIZE];
        paging_next(reply, choices_word(target_sort_choices(), (int)walk->sort), last->key,
            model_target_id(last->agreement, last->target->number, id));
    }
}

enum err list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    struct walk walk;
    enum err err = walk_open(&walk, request->body, why);
    if (err)
        return err;
    walk.needle = search_needle_of(walk.asked->text);
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        if (agreement_matches(walk.asked, agreement) &&
            access_sees(model, &request->office, agreement))
            walk_agreement(&walk, agreement);
    }
    walk_reply(&walk, ret_reply);
    search_needle_free(&walk.needle);
    return OK;
}
