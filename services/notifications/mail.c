/* Where an office gets its reminders and digests as e-mail. What is sent, and when, is the
 * courier's: it hears of this like of every other event. */
#include "commands.h"
#include "queries.h"

#include "inbox.h"

#include <ctype.h>

#define LOCAL_MOST 64 /* of RFC 5321, 4.5.3.1.1 */

static bool is_atom(struct text text, const char *more)
{
    for (size_t i = 0; i < text.len; i++)
        if (!text.at[i] || (!isalnum((unsigned char)text.at[i]) && !strchr(more, text.at[i])))
            return false;
    return text.len > 0 && text.at[0] != '.' && text.at[text.len - 1] != '.';
}

/* As RFC 5321 has it, without quoted names, comments and addresses of hosts: nothing that a mail
 * server could take for more than one address, or for another command. */
static bool is_address(struct text address)
{
    struct text host, local = text_cut(address, '@', &host);
    if (!host.at || local.len > LOCAL_MOST || !is_atom(local, ".!#$%&'*+/=?^_`{|}~-"))
        return false;
    bool dotted = false;
    for (size_t i = 1; i < host.len; i++) {
        dotted |= host.at[i] == '.';
        if (host.at[i] == '.' && host.at[i - 1] == '.')
            return false;
    }
    return dotted && is_atom(host, ".-") && host.at[0] != '-';
}

enum err mail_set_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct mail *mail = request->body;
    struct inbox *inbox;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err)
        return err;
    if (mail->address.len && !is_address(mail->address))
        return faults_add(why, ERR_INVALID, "address",
            "is not one mailbox, as pwr.focal@example.gov.pk: ASCII letters, digits and "
            ".!#$%%&'*+/=?^_`{|}~- , one @, a host with a dot");
    char subject[ID_MAX + 1];
    struct mail_set set = {.office = text_of(inbox->office_id), .mail = *mail};
    struct text id = inbox_subject(inbox, subject);
    decision_add(ret_decision, MESSAGE_mail_was_set, id, id, &set);
    return OK;
}

enum err mail_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    struct inbox *inbox;
    enum err err = inbox_of(state, request, &inbox, why);
    if (err)
        return err;
    struct mail_view view = {.mail = {.language = inbox->language}};
    if (inbox->mail)
        view.mail.address = text_of(inbox->mail);
    reply_add(ret_reply, mail_view_record(), &view);
    return OK;
}
