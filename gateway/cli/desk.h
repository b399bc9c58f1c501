/* A person at work: records sent to a gateway and read back, with patience for what may have been
 * lost on the way, and refusals told on standard error. */
#ifndef MISAQ_CLI_DESK_H
#define MISAQ_CLI_DESK_H

#include "caller.h"
#include "proof/token.h"
#include "schema/json.h"
#include "schema/schema.h"

/* Somebody who is signed in, in one office. */
struct seat {
    char token[TOKEN_MAX + 1];
    char office[ID_MAX + 1]; /* "": none is named */
};

struct desk {
    struct caller *caller;
    bool line_open; /* a line on standard output has no end yet */
};

/* url: "http://127.0.0.1:8080". False without memory. */
bool desk_open(struct desk *desk, const char *url) MUST_CHECK;
void desk_close(struct desk *desk);

/* Signs in; `office` may be NULL. A refusal is told unless ret_refused is given and set. */
bool desk_sign_in(struct desk *desk, struct text person, const char *password, const char *office,
    struct seat *ret_seat, bool *ret_refused) MUST_CHECK;

/* Calls again what may have been lost or came too early. seat: NULL is the public. */
struct called desk_call(struct desk *desk, const struct seat *seat, struct call call);
/* Tells a refusal; returns false. */
bool desk_refuse(struct desk *desk, const struct call *call, const struct called *called);
/* The record as JSON; an empty object for NULL. */
bool desk_write(const struct record *record, const void *value, struct buf *out) MUST_CHECK;
/* POST of a record (NULL: an empty object). A command's receipt: its version and id, where wanted.
 */
struct desk_receipt {
    uint64_t version, position;
    char id[ID_MAX + 1];
};
bool desk_post(struct desk *desk, const struct seat *seat, struct call call,
    const struct record *record, const void *value, struct desk_receipt *ret_receipt) MUST_CHECK;
/* A command whose body is there already. */
bool desk_command(struct desk *desk, const struct seat *seat, struct call call,
    struct desk_receipt *ret_receipt) MUST_CHECK;
/* GET, or POST of a question, of one record; texts of `ret` are borrowed from `document`. */
bool desk_read(struct desk *desk, const struct seat *seat, struct call call,
    const struct record *record, struct json_document *document, void *ret) MUST_CHECK;
/* Called for each item of a list. */
typedef void desk_on_item(void *owner, const void *value);
/* Reads a whole list; `value` is scratch of the record's size. */
bool desk_list(struct desk *desk, const struct seat *seat, const char *path,
    const struct record *record, void *value, desk_on_item *item, void *owner) MUST_CHECK;

#endif
