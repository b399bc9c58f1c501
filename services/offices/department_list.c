/* Departments as anybody may read them: who is let in, and to what, is no secret. */
#include "queries.h"

#include "base/must.h"
#include "service/listing.h"

#include <stdio.h>
#include <stdlib.h>

static struct moment moment_of(int64_t ms)
{
    return (struct moment){ms, ms != 0};
}

static void show_access(const struct department_access *access, struct access_view *ret_view)
{
    *ret_view = (struct access_view){.access = access->facts,
        .state = access->state,
        .proposed_by = text_of(access->proposed_by),
        .granted_at = moment_of(access->granted_ms),
        .ended_at = moment_of(access->ended_ms)};
    if (*access->confirmed_by)
        ret_view->confirmed_by = text_of(access->confirmed_by);
    if (access->reason)
        ret_view->reason = text_of(access->reason);
}

static void show(const struct department_entry *entry, struct reply *reply)
{
    static struct department_view view;
    const size_t most = sizeof view.accesses.at / sizeof *view.accesses.at;
    size_t first = entry->count > most ? entry->count - most : 0;
    memset(&view, 0, sizeof view);
    view.department = entry->facts;
    view.version = (struct whole){(int64_t)entry->version, true};
    view.accesses.head.given = true;
    for (size_t i = first; i < entry->count; i++)
        show_access(&entry->accesses[i], &view.accesses.at[view.accesses.head.count++]);
    reply_add(reply, department_view_record(), &view);
}

enum err department_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct department_list *asked = request->body;
    const struct department_entry *entry;
    struct listing listing;
    enum err err = listing_open(&listing, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; (entry = departments_at(model->departments, i)); i++)
        if (listing_takes(&listing, i + 1, ret_reply))
            show(entry, ret_reply);
    listing_close(&listing, ret_reply);
    return OK;
}

static const struct department_entry *find(
    const struct model *model, struct text id, const char *member, struct faults *why)
{
    const struct department_entry *entry = departments_find(model->departments, id);
    if (!entry)
        (void)faults_add(why, ERR_NOT_FOUND, member,
            "there is no department %.*s; the list of departments has them", TEXT_ARG(id));
    return entry;
}

enum err department_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct department_one *asked = request->body;
    const struct department_entry *entry = find(state, asked->department, "department", why);
    if (!entry)
        return ERR_NOT_FOUND;
    show(entry, ret_reply);
    reply_version(ret_reply, entry->version);
    return OK;
}

enum err history_department_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    if (!find(state, asked->id, "id", why))
        return ERR_NOT_FOUND;
    char subject[sizeof DEPARTMENT_SUBJECT + ID_MAX];
    (void)snprintf(subject, sizeof subject, DEPARTMENT_SUBJECT "%.*s", TEXT_ARG(asked->id));
    scope_subject(ret_scope, text_of(subject));
    return OK;
}
