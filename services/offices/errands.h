/* Errands: what hashes a password or reads a secret. Each is ordered on the loop, where the state
 * is, and run by a worker, where waiting hurts nobody. An order is a plain value, so that the two
 * share nothing. */
#ifndef MISAQ_OFFICES_ERRANDS_H
#define MISAQ_OFFICES_ERRANDS_H

#include "model.h"

#include "service/service.h"

#define ERRANDS(ERRAND)                                                                            \
    ERRAND(session_start)                                                                          \
    ERRAND(session_renew)                                                                          \
    ERRAND(password_set)                                                                           \
    ERRAND(password_change)                                                                        \
    ERRAND(code_get)                                                                               \
    ERRAND(webhook_secret)                                                                         \
    ERRAND(access_deliveries)                                                                      \
    ERRAND(mail_deliveries)

#define ERRAND(name)                                                                               \
    enum err name##_order(const void *state, const struct request *request, struct buf *out,       \
        struct faults *why) MUST_CHECK;                                                            \
    enum err name##_run(                                                                           \
        void *tools, struct text order, struct reply *ret_reply, struct faults *why) MUST_CHECK;
ERRANDS(ERRAND)
#undef ERRAND

#define ORDER_PASSWORD_SIZE 801 /* 200 code points */
#define ORDER_PLACE_SIZE    257

/* Of everybody's order, what it needs. */
struct order {
    char person[ID_MAX + 1];
    char password[ORDER_PASSWORD_SIZE], fresh[ORDER_PASSWORD_SIZE]; /* given, and wanted */
    char address[ORDER_PLACE_SIZE], device[ORDER_PLACE_SIZE], code[ORDER_PLACE_SIZE];
    char session[ID_MAX + 1];
    int64_t began;        /* of a session, seconds of business time; of a new one: the earliest */
    int64_t signed_in;    /* the same by the wall, which passwords, tokens and throttles live by */
    int64_t ahead_ms;     /* that business time is ahead of the wall's */
    uint64_t number;      /* of the invitation */
    int64_t confirmed_ms; /* of the invitation */
    bool known;           /* the person is registered */
    bool first, second;   /* halves of the code that the asker may see */
};

/* Writes the order, and behind it the view of the person where it is given. */
void order_write(const struct order *order, const struct person_view *view, struct buf *out);
/* Reads it back; *ret_view is packed, and absent where it was not given. */
void order_read(struct text bytes, struct order *ret_order, struct text *ret_view);
/* Copies a text into a member of an order, which has room for what the record allows. */
#define order_set(member, text) order_copy((member), sizeof(member), (text))
void order_copy(char *out, size_t size, struct text text);

/* What is wrong with a new password; OK when it will do. */
enum err order_check_password(struct text password, struct text person, struct text name,
    const char *member, struct faults *why) MUST_CHECK;

#endif
