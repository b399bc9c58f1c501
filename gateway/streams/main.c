/* misaq-streams: events as they come, to browsers, apps and departments. */
#include "streams.h"

int main(int argc, char **argv)
{
    static struct settings settings;
    static const struct settings_program program = {
        "misaq-streams", "the streams of events behind the gateway", false};
    enum settings_task task;
    int code;
    if (!settings_start(argc, argv, &program, &settings, &task, &code))
        return code;
    return task == SETTINGS_HEALTH ? streams_health(&settings) : streams_run(&settings);
}
