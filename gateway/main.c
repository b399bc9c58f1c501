/* misaq-gateway: HTTP in front, the bus behind. */
#include "gateway.h"
#include "probe.h"

int main(int argc, char **argv)
{
    static struct settings settings;
    int code;
    if (!settings_start(argc, argv, "misaq-gateway", "the HTTP gateway", &settings, &code))
        return code;
    if (argc > 1)
        return probe_ready(settings.admin) ? 0 : 1;
    return gateway_run(&settings);
}
