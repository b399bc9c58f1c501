/* misaq-gateway: HTTP in front, the bus behind. */
#include "gateway.h"
#include "probe.h"

int main(int argc, char **argv)
{
    static struct settings settings;
    static const struct settings_program program = {"misaq-gateway", "the HTTP gateway", false};
    enum settings_task task;
    int code;
    if (!settings_start(argc, argv, &program, &settings, &task, &code))
        return code;
    if (task == SETTINGS_HEALTH)
        return probe_ready(settings.admin) ? 0 : 1;
    return gateway_run(&settings);
}
