/* misaq run: one parent for everything. A loop over signals and a short tick: programs that end are
 * started again, readiness is asked for over HTTP, the sample is loaded by a child of its own, so
 * that nothing here ever waits long. */
#include "base/clock.h"
#include "base/settings.h"
#include "behind.h"
#include "caller.h"
#include "commands.h"
#include "crew.h"
#include "listen.h"
#include "sample_people.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_STARTING_MS 100
#define TICK_MS          1000
#define ASK_MS           1000
#define SHOW_US          (2 * 1000000ull)
#define ENDS_MOST        3 /* of one program before everything was ready once */
#define URL_SIZE         128

extern char **environ;

enum stage { STAGE_STARTING, STAGE_LOADING, STAGE_RUNNING, STAGE_STOPPING };

struct run {
    struct settings settings;
    struct folder folder;
    struct crew crew;
    struct caller *admin;
    char public_url[URL_SIZE], admin_url[URL_SIZE];
    enum stage stage;
    uint64_t shown_us;
    int signals;
    int code;
};

static int complain(const struct faults *why)
{
    for (uint32_t i = 0; i < faults_kept(why); i++)
        (void)fprintf(stderr, "misaq: %s %s\n", why->kept[i].member, why->kept[i].detail);
    return COMMAND_FAILED;
}

/* ---- before anything starts ---- */

/* Sees that nobody else listens there, and tells where a client finds it. */
static enum err check_address(
    const char *setting, const char *address, char url[URL_SIZE], struct faults *why)
{
    (void)snprintf(why->prefix, sizeof why->prefix, "%s=", setting);
    char bound[LISTEN_ADDRESS_SIZE];
    struct listen_address parts;
    int fd;
    if (listen_open(address, &fd, bound, why) != OK)
        return faults_err(why);
    (void)close(fd);
    if (!listen_address_read(address, &parts) || strcmp(parts.port, "0") == 0)
        return faults_add(why, ERR_INVALID, address, "needs a port that is not 0");
    const char *host = strcmp(parts.host, "0.0.0.0") == 0 ? "127.0.0.1"
                       : strcmp(parts.host, "::") == 0    ? "::1"
                                                          : parts.host;
    (void)snprintf(
        url, URL_SIZE, strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, parts.port);
    return OK;
}

static enum err prepare(struct run *run, struct faults *why)
{
    const char *home = getenv("MISAQ_HOME");
    (void)setenv("MISAQ_DEMO", "1", 0);
    const char *said = getenv("MISAQ_DEMO");
    const bool demo = said && strcmp(said, "1") == 0;
    if (demo) /* a hundred passwords are hashed at once */
        (void)setenv("MISAQ_PASSWORD_KIB", "8192", 0);
    if (folder_open(home && *home ? home : "run", &run->folder, why) != OK)
        return faults_err(why);
    (void)unsetenv("MISAQ_HOME"); /* no setting of the programs */
    if ((!demo || behind_set(&run->folder, why) == OK) &&
        crew_plan(&run->folder, &run->crew, why) == OK &&
        folder_write_redis_conf(&run->folder, why) == OK &&
        settings_read(environ, &run->settings, why) == OK) {
        (void)check_address("MISAQ_HTTP", run->settings.http, run->public_url, why);
        (void)check_address("MISAQ_ADMIN", run->settings.admin, run->admin_url, why);
    }
    if (faults_err(why) == OK && run->folder.aside)
        (void)printf("The path of %s is too long for sockets: they lie in %s.\n", run->folder.home,
            run->folder.sockets);
    if (faults_err(why) != OK)
        folder_close(&run->folder);
    return faults_err(why);
}

static int open_signals(void)
{
    static const int heard[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
        (void)sigaddset(&set, heard[i]);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* ---- telling ---- */

static void tell_people(const char *url)
{
    (void)printf("\nSign in: every person of the sample has the password " SAMPLE_PASSWORD "\n"
                 "  TOKEN=$(curl -s -H 'Content-Type: application/json' %s/v1/sessions \\\n"
                 "    -d '{\"person\":\"pwr.focal\",\"password\":\"" SAMPLE_PASSWORD
                 "\"}' | sed 's/.*\"token\":\"\\([^\"]*\\)\".*/\\1/')\n"
                 "  curl -s -H \"Authorization: Bearer $TOKEN\" %s/v1/targets/PWR-2021.1\n",
        url, url);
    (void)printf(
        "\n  pwr.focal         drafts the agreement of the Power Division, PWR-2021\n"
        "  pwr.secretary     submits it; pwr.minister signs it; so for each of the 41 bodies\n"
        "  member.one        rules in the committee; member.two comes from PWR and must not there\n"
        "  delivery.lead     the delivery unit; adviser.pm the PM Office; prime.minister signs\n"
        "  audit.general     reads everything with its history\n"
        "  " SAMPLE_FIRST ", " SAMPLE_SECOND
        "  keep people, postings and keys, always the two of them\n"
        "  nobody            reads what is in force, without a sign-in\n");
}

static void tell_where(const struct run *run)
{
    const char *url = run->public_url;
    (void)printf("\nMisaq is ready.%s\n"
                 "  API           %s/v1/  (described at %s/openapi.json)\n"
                 "  health        %s/readyz  and  %s/metrics\n"
                 "  data and logs %s\n",
        run->settings.demo ? " All data of the sample is invented." : "", url, url, run->admin_url,
        run->admin_url, run->folder.home);
    if (run->settings.demo)
        (void)printf(
            "  the PM's page %s/v1/summary/2021.q3/page, of the last of three quarters\n", url);
    if (run->settings.demo)
        tell_people(url);
    else
        (void)printf("\nThe first two administrators, once:\n"
                     "  MISAQ_OFFICES_COMMANDS=%s \\\n    misaq init FIRST NAME SECOND NAME\n",
            run->settings.offices_commands);
    (void)printf("\nCtrl-C ends it; the next run goes on with the same ledger.\n");
}

/* What the gateway says is missing, every two seconds. */
static void tell_waiting(struct run *run, struct text answer, uint64_t now)
{
    if (now - run->shown_us < SHOW_US)
        return;
    run->shown_us = now;
    struct text missing, before = text_cut(answer, '[', &missing);
    (void)before;
    missing = text_cut(missing, ']', &missing);
    if (missing.len)
        (void)printf("  waiting: %.*s\n", TEXT_ARG(missing));
    else
        (void)printf("  waiting for the gateway to answer\n");
}

/* ---- the loop ---- */

static void give_up(struct run *run)
{
    run->stage = STAGE_STOPPING;
    run->code = COMMAND_FAILED;
}

static void on_loader_end(struct run *run, int status)
{
    run->crew.loader.pid = 0;
    if (status != 0)
        (void)fprintf(stderr, "The sample government is not complete: the next run goes on.\n");
    run->stage = STAGE_RUNNING;
    tell_where(run);
}

static void on_end(struct run *run, struct child *child, int status, uint64_t now)
{
    char how[80];
    child_tell_end(status, how, sizeof how);
    child_ended(child, now);
    (void)fprintf(stderr, "%s %s (its log: %s)\n", child->name, how, child->log);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) /* it had something to say */
        child_show_tail(child);
    if (run->stage == STAGE_STARTING && child->ends >= ENDS_MOST) {
        (void)fprintf(stderr, "misaq: %s does not stay up: giving up\n", child->name);
        give_up(run);
    } else {
        (void)fprintf(
            stderr, "%s is started again in %.1f s\n", child->name, (double)child->pause_ms / 1000);
    }
}

static void ask_ready(struct run *run, uint64_t now)
{
    struct call call = {.method = "GET", .path = "/readyz"};
    struct called called = caller_call(run->admin, &call);
    if (called.status != 200) {
        tell_waiting(run, called.status ? called.body : (struct text){0}, now);
        return;
    }
    if (!run->settings.demo) {
        (void)printf("MISAQ_DEMO is 0: the sample government is not loaded.\n");
        run->stage = STAGE_RUNNING;
        tell_where(run);
        return;
    }
    crew_plan_loader(&run->crew, run->public_url);
    run->stage = STAGE_LOADING;
    if (!child_start(&run->crew.loader, now)) {
        perror("misaq: the sample cannot be loaded");
        give_up(run);
    }
}

static int next_tick_ms(const struct run *run, uint64_t now)
{
    if (run->stage == STAGE_STARTING)
        return TICK_STARTING_MS;
    int tick = TICK_MS;
    for (size_t i = 0; i < run->crew.count; i++) {
        const struct child *child = &run->crew.at[i];
        if (child->pid == 0 && child->again_us < now + (uint64_t)tick * 1000)
            tick = child->again_us > now ? (int)((child->again_us - now) / 1000) + 1 : 0;
    }
    return tick;
}

static void hear_signals(struct run *run)
{
    struct signalfd_siginfo info;
    while (read(run->signals, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            run->stage = STAGE_STOPPING;
}

static void turn(struct run *run)
{
    uint64_t now = clock_mono_us();
    int status;
    if (!crew_start_due(&run->crew, now)) {
        perror("misaq: a program cannot be started");
        give_up(run);
        return;
    }
    struct pollfd readable = {.fd = run->signals, .events = POLLIN};
    (void)poll(&readable, 1, next_tick_ms(run, now));
    now = clock_mono_us();
    hear_signals(run);
    for (struct child *child = crew_reap(&run->crew, &status); child && run->stage < STAGE_STOPPING;
         child = crew_reap(&run->crew, &status)) {
        if (child == &run->crew.loader)
            on_loader_end(run, status);
        else
            on_end(run, child, status, now);
    }
    for (size_t i = 0; i < run->crew.count; i++)
        child_show_errors(&run->crew.at[i]);
    if (run->stage == STAGE_STARTING)
        ask_ready(run, now);
}

int command_run(int argc, char **argv)
{
    (void)argv;
    static struct run run;
    static struct faults why;
    if (argc != 1)
        return command_misused("run");
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    if (prepare(&run, &why) != OK)
        return complain(&why);
    run.signals = open_signals();
    run.admin = caller_open(run.admin_url, ASK_MS);
    if (run.signals < 0 || !run.admin) {
        perror("misaq: cannot start");
        folder_close(&run.folder);
        return COMMAND_FAILED;
    }
    (void)printf("Starting Redis, %zu services, streams, the courier and the gateway in %s\n",
        run.crew.count - 3, run.folder.home);
    run.shown_us = clock_mono_us();
    while (run.stage != STAGE_STOPPING)
        turn(&run);
    (void)printf("\nStopping: the gateway first, Redis last\n");
    crew_stop(&run.crew, run.signals);
    caller_close(run.admin);
    folder_close(&run.folder);
    return run.code;
}
