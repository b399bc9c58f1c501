/* An office sees its own inbox and no other, so nothing here is asked by name. */
#include "inbox.h"

#include "rules.h"

#include "base/must.h"

#include <stdio.h>

struct text inbox_subject(const struct inbox *inbox, char out[ID_MAX + 1])
{
    int len = snprintf(out, ID_MAX + 1, INBOX_PREFIX "%s", inbox->office_id);
    must(len > 0 && len <= ID_MAX);
    return (struct text){out, (size_t)len};
}

uint32_t inbox_undigested(const struct inbox *inbox)
{
    uint32_t read = model_read(inbox), digested = model_digested(inbox);
    uint32_t first = (read > digested ? read : digested) + 1;
    return first <= inbox->count ? first : 0;
}

enum err inbox_of(const struct model *model, const struct request *request,
    struct inbox **ret_inbox, struct faults *why)
{
    struct inbox *inbox = model_inbox(model, request->actor.office);
    if (!inbox)
        return faults_add(why, ERR_NOT_FOUND, "office",
            "%.*s has no inbox: an office has one when its name is no longer than %zu characters",
            TEXT_ARG(request->actor.office), ID_MAX - (sizeof INBOX_PREFIX - 1));
    *ret_inbox = inbox;
    return OK;
}

void inbox_words(const struct model *model, const struct item *item, struct buf *out)
{
    if (item->words) {
        buf_text(out, model_id(model_at(model, item->words)));
        return;
    }
    const struct thing *thing = model_at(model, item->about);
    buf_text(out, model_id(thing));
    if (thing->detail)
        buf_printf(out, " (%s)", thing->detail);
    buf_printf(out, ": %s", rules_at(item->rule)->sentence);
}

/* Of a reminder: what it is about tells. */
static const char *path_of(const struct thing *thing)
{
    switch (thing->kind) {
    case KIND_AGREEMENT:
        return "/v1/agreements/";
    case KIND_DEPENDENCY:
        return "/v1/dependencies/";
    case KIND_ACTION:
        return "/v1/actions/";
    case KIND_HANDOVER:
        return "/v1/handovers/";
    case KIND_PLAIN:
        break;
    }
    return "/v1/reports/";
}

void inbox_path(const struct model *model, const struct item *item, struct buf *out)
{
    const struct thing *thing = model_at(model, item->about);
    const char *path = rules_at(item->rule)->path;
    struct text id = model_id(thing), rest;
    if (item->words)
        path = path_of(thing);
    if (!path[0])
        return;
    buf_str(out, path);
    char end = path[strlen(path) - 1];
    if (end == '/')
        buf_text(out, id);
    else if (end == '=')
        buf_text(out, text_cut(id, '.', &rest));
}
