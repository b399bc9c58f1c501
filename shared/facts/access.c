/* The two questions about an office and a body that every service asks. Roles that are not named
 * here see and write nothing, so that a new role begins with nothing. */
#include "facts/access.h"

bool access_sees_drafts(const struct bodies *bodies, const struct office *office, struct text body)
{
    switch (office->role) {
    case ROLE_COMMITTEE:
    case ROLE_SECRETARIAT:
    case ROLE_PMO:
    case ROLE_PM:
    case ROLE_AUDITOR:
        return true;
    case ROLE_FOCAL:
    case ROLE_SECRETARY:
    case ROLE_MINISTER:
        return bodies_act_for(bodies, office->body, body);
    default:
        return false;
    }
}

bool access_writes_for(const struct bodies *bodies, const struct office *office, struct text body)
{
    switch (office->role) {
    case ROLE_FOCAL:
    case ROLE_SECRETARY:
    case ROLE_MINISTER:
        return bodies_act_for(bodies, office->body, body);
    default:
        return false;
    }
}
