/* One request and its answer. It lives from the request line to the last byte of the answer, comes
 * from a pool, and is answered exactly once, at once or later. */
#ifndef MISAQ_GATEWAY_EXCHANGE_H
#define MISAQ_GATEWAY_EXCHANGE_H

#include "conditions.h"
#include "gateway.h"
#include "headers.h"
#include "line.h"
#include "origin.h"
#include "parameters.h"
#include "problem.h"

#include <microhttpd.h>

enum exchange_stage {
    EXCHANGE_HEADER = 1, /* the header is about to be judged */
    EXCHANGE_BODY,       /* the body arrives */
    EXCHANGE_WORKING,    /* somebody is asked; the connection is suspended */
    EXCHANGE_ANSWERED    /* the response is there */
};

/* Who has signed in, beside exchange.actor: see asker.h. */
struct asker {
    struct exchange *prev, *next; /* of those that wait */
    uint64_t due_us;
    bool waits;
    bool by_cookie;
    bool foreign;               /* the token is of the identity provider */
    bool implied;               /* the office was not named */
    struct text session;        /* absent: the public */
    int64_t signed_in, expires; /* seconds since 1970 */
    int64_t began;              /* when it was signed in, in business time */
};

struct exchange {
    struct exchange *prev, *next; /* of those under way, or in the pool */
    struct gateway *gateway;
    struct http *http;
    struct MHD_Connection *connection;
    struct line *line;
    enum exchange_stage stage;
    bool suspended;
    bool closing;  /* the connection ends with the answer */
    bool in_cache; /* answered from what was kept */
    uint64_t began_us;
    struct text method; /* borrowed from the library until the end */
    struct headers headers;
    struct buf body; /* grows to what is accepted here */
    /* Gets the body as it comes, and may refuse; NULL: it is kept in `body`. */
    void (*take)(struct exchange *exchange, struct text bytes);
    size_t body_most;
    uint64_t body_seen;

    struct route_match match; /* route is NULL while there is none */
    struct manner manner;
    struct actor actor;
    struct office office; /* role_UNSET: the public */
    struct text access;   /* of a department, whose token came; then nobody acts */
    struct asker asker;
    enum message asked; /* of the services, last */
    struct trace trace; /* id is "" until it is needed */
    enum media media;   /* of the answer */
    struct text key;    /* idempotency key */
    char fresh_key[33];
    enum problem_place place;
    void *work; /* of whoever works on it */
    void (*work_free)(void *work);

    int status;
    struct MHD_Response *response;
    bool streaming;
    bool is_file;   /* the answer may take as long as a stream */
    bool aborted;   /* a stream that must not end as if it were whole */
    bool passed_on; /* somebody else has the connection now */

    /* From here on nothing is cleared before use. */
    struct path path;
    char person[ID_MAX], session[ID_MAX], held[ID_MAX]; /* what actor and asker borrow from */
    char access_id[ID_MAX];
    size_t target_len;
    char target[PATH_TARGET_MAX + 2]; /* raw; one byte more than is accepted */
};

struct text exchange_target(const struct exchange *exchange);
bool exchange_is_public(const struct exchange *exchange);
/* The media type of the answer, as Content-Type has it. */
const char *exchange_type(const struct exchange *exchange);
/* The trace of the request; made when first asked for. */
const struct trace *exchange_trace(struct exchange *exchange);

/* The address of the client, behind our proxies. */
void exchange_client(const struct exchange *exchange, char out[ORIGIN_ADDRESS_SIZE]);

/* ---- answering: exactly once ---- */
/* Another process has the connection and answers it: nothing more is written here. */
void exchange_passed_on(struct exchange *exchange);
/* Takes the bytes. Headers may be added until the caller returns. */
void exchange_answer(struct exchange *exchange, int status, const char *type, struct buf *body);
/* The same with a response that is ready and may be shared with others; gives up no reference. */
void exchange_answer_shared(struct exchange *exchange, int status, struct MHD_Response *response);
/* The same with one of its own, which it takes. */
void exchange_answer_response(struct exchange *exchange, int status, struct MHD_Response *response);
/* A response whose bytes come later; takes it. */
void exchange_answer_stream(struct exchange *exchange, struct MHD_Response *response);
/* With the faults of gateway->why; `place` says where their members are. */
void exchange_refuse(struct exchange *exchange, enum err err, enum problem_place place);
/* With one sentence of detail. */
void exchange_refuse_with(struct exchange *exchange, enum err err, const char *detail);
void exchange_header(struct exchange *exchange, const char *name, const char *value);
void exchange_etag(struct exchange *exchange, uint64_t version);
/* What the answer depends on besides the target: no other reader may be given it. */
#define EXCHANGE_VARY "Accept, Cookie, Authorization, Misaq-Office"
/* Sets a cookie, as in cookies_write(). */
void exchange_cookie(struct exchange *exchange, const char *name, struct text value, int64_t age_s);

/* Lets the answer go once it is there: an exchange that waits is woken. */
void exchange_wake(struct exchange *exchange);

#endif
