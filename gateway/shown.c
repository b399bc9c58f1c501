#include "shown.h"

#include "facts/access.h"
#include "topics.h"

/* Who signed in and out, and who was given a password. */
static bool is_of_sign_in(enum message event)
{
    return event == MESSAGE_invitation_proposed || event == MESSAGE_invitation_confirmed ||
           event == MESSAGE_session_ended || event == MESSAGE_sessions_ended;
}

/* What lies in an inbox is its office's alone, and is asked of notifications. */
static bool is_of_inbox(enum message event)
{
    return event == MESSAGE_inbox_seen || event == MESSAGE_quiet_was_set ||
           event == MESSAGE_mail_was_set || event == MESSAGE_reminder_sent ||
           event == MESSAGE_digest_made;
}

static bool is_at_centre(enum role role)
{
    return role == ROLE_COMMITTEE || role == ROLE_SECRETARIAT || role == ROLE_PMO ||
           role == ROLE_PM || role == ROLE_AUDITOR;
}

static bool is_public(const struct facts *facts, enum message event, struct text subject)
{
    enum shown shown = message_row(event)->shown;
    return shown == SHOWN_PUBLIC ||
           (shown == SHOWN_SIGNED && lives_public(facts->lives, subject)) ||
           (shown == SHOWN_RELEASED && facts_released(facts, subject));
}

enum shown_class shown_class(const struct facts *facts, enum message event, struct text subject)
{
    if (!event || is_of_inbox(event) || is_of_sign_in(event))
        return SHOWN_TO_FEW;
    if (is_public(facts, event, subject))
        return SHOWN_TO_ALL;
    return event == MESSAGE_score_given ? SHOWN_TO_FEW : SHOWN_TO_SOME;
}

bool shown_to_department(const struct facts *facts, const struct department_access *access,
    enum message event, struct text subject)
{
    char topic[TOPIC_SIZE];
    return access->state == ACCESS_GRANTED && topic_of(facts, event, subject, topic) &&
           departments_may(access, text_of(topic));
}

bool shown_to(
    const struct facts *facts, const struct office *office, enum message event, struct text subject)
{
    if (!event)
        return office->role == ROLE_AUDITOR;
    if (is_of_inbox(event))
        return office->role == ROLE_AUDITOR;
    if (is_of_sign_in(event))
        return office->role == ROLE_AUDITOR || office->role == ROLE_ADMINISTRATOR;
    if (is_public(facts, event, subject))
        return true;
    if (event == MESSAGE_score_given) /* blind: the members are at the centre too */
        return office->role == ROLE_AUDITOR;
    if (is_at_centre(office->role))
        return true;
    struct text rest, body = text_cut(subject, '-', &rest);
    bool of_body = life_concerns(event) || message_row(event)->shown == SHOWN_RELEASED;
    return of_body && access_sees_drafts(facts->bodies, office, body);
}

const char *shown_withheld(const struct facts *facts, enum message event, struct text subject)
{
    if (!event)
        return "of a kind that is not known here";
    if (is_public(facts, event, subject))
        return NULL;
    if (message_row(event)->shown == SHOWN_SIGNED)
        return "not yet in force";
    if (message_row(event)->shown == SHOWN_RELEASED)
        return "its period is not released yet";
    if (is_of_sign_in(event))
        return "sign-in is not public";
    if (is_of_inbox(event))
        return "inboxes are not public";
    if (event >= MESSAGE_action_opened && event <= MESSAGE_action_overdue)
        return "corrective actions are for those who take them";
    if (event == MESSAGE_evidence_recorded)
        return "files are public with the reports that name them";
    if (event == MESSAGE_order_logged)
        return "orders from outside the plan are for those who plan";
    return life_concerns(event) ? "drafting is not public"
                                : "what one holder leaves to the next is not public";
}
