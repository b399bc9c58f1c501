/* misaq-courier: what leaves the house by webhook and e-mail. */
#include "courier.h"
#include "probe.h"

int main(int argc, char **argv)
{
    static struct settings settings;
    static const struct settings_program program = {
        "misaq-courier", "webhooks and e-mail: every delivery has a receipt", false};
    enum settings_task task;
    int code;
    if (!settings_start(argc, argv, &program, &settings, &task, &code))
        return code;
    if (task == SETTINGS_HEALTH)
        return probe_ready(settings.courier_admin) ? 0 : 1;
    return courier_run(&settings);
}
