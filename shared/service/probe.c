/* --health: the question that a container asks of the program inside it. */
#include "service/runtime.h"

#include "bus/ask.h"

#include <stdio.h>

#define WITHIN_MS 2000

int probe(const struct service *service, const struct settings *settings)
{
    static struct faults why;
    struct service_status status;
    const struct nothing nothing = {0};
    ASKED_CLEANUP struct asked asked = {0};
    struct ask ask = {.address = runtime_commands(settings, service->id),
        .message = MESSAGE_service_status,
        .record = &nothing,
        .within_ms = WITHIN_MS};
    const char *program = service_name(service->id);
    enum err err = ask_once(&ask, &status, &asked, &why);
    for (uint32_t i = 0; i < faults_kept(&why); i++)
        (void)fprintf(stderr, "%s: %s %s\n", program, why.kept[i].member, why.kept[i].detail);
    bool ready = err == OK && status.ready == FLAG_YES;
    if (err == OK && !ready)
        (void)fprintf(stderr, "%s is not ready: %.*s\n", program, TEXT_ARG(status.why));
    return ready ? 0 : 1;
}
