/* Who may, as messages.def and the gateway's routes.def say it: bits 1 << role. */
#ifndef MISAQ_SCHEMA_MAY_H
#define MISAQ_SCHEMA_MAY_H

#define MAY(role)  (1u << ROLE_##role)
#define MAY_ANYONE UINT32_MAX

#define MAY_DRAFT (MAY(FOCAL) | MAY(SECRETARY))
#define MAY_KEEP  (MAY(ADMINISTRATOR) | MAY(SECRETARIAT))
#define MAY_ADMIN MAY(ADMINISTRATOR)
#define MAY_SIGN  (MAY(MINISTER) | MAY(PM) | MAY(SECRETARY))
#define MAY_JUDGE (MAY(COMMITTEE) | MAY(SECRETARIAT))
#define MAY_KNOW  (MAY_READ | MAY(ADMINISTRATOR) | MAY(PERSON))
#define MAY_READ                                                                                   \
    (MAY(FOCAL) | MAY(SECRETARY) | MAY(MINISTER) | MAY(COMMITTEE) | MAY(SECRETARIAT) | MAY(PMO) |  \
        MAY(PM) | MAY(AUDITOR))

#endif
