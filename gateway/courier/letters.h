/* E-mail under way to the mail server. A few threads send it: the library waits for the last answer
 * of a mail server, and nobody else shall. */
#ifndef MISAQ_COURIER_LETTERS_H
#define MISAQ_COURIER_LETTERS_H

#include "base/settings.h"
#include "outcome.h"
#include "service/errands.h"

#define LETTERS_MOST     ERRANDS_MAX /* at once */
#define LETTERS_BODY_MAX (32u << 10)

struct letters;

/* An e-mail of plain text. subject: one line of UTF-8. All borrowed during the call. */
struct letter {
    const char *to, *id; /* id: the part of Message-ID before the @ */
    struct text subject, body;
    int64_t now_s; /* seconds since 1970 */
};

/* Settings used: delivery_ms, smtp*, mail_from. */
enum err letters_open(
    const struct settings *settings, struct letters **ret_letters, struct faults *why) MUST_CHECK;
/* Waits for those that are being sent, and calls nobody back. */
void letters_close(struct letters *letters);
/* `done` comes from letters_turn(). */
void letters_send(
    struct letters *letters, const struct letter *letter, on_outcome *done, void *owner);
/* Readable when something is to be done. */
int letters_fd(const struct letters *letters);
void letters_turn(struct letters *letters);

#endif
