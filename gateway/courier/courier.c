#include "courier.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "desk.h"
#include "parcels.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

#define WAITS_MAX  (2 * SERVICE_COUNT + 3)
#define EACH_MOST  8    /* tries under way to one receiver */
#define HOOKS_MOST 1024 /* ... and to all webhooks */
#define LOOK_MS    5000
#define PAUSE_US   UINT64_C(1000000)
#define TELL_US    UINT64_C(1000000)
#define COUNT_US   UINT64_C(5000000)
#define PAGE_MAX   (4u << 20)

struct courier {
    const struct settings *settings;
    struct bus *bus;
    struct ledger *ledger;
    struct asks *asks;
    struct feed *feed;
    struct posts *posts;
    struct letters *letters;
    struct outbox *outbox;
    struct desk *desk;
    char bound[LISTEN_ADDRESS_SIZE];
    struct book book;
    struct parcels parcels;
    bool has_secret;
    bool outbox_lost;
    uint64_t now_us, pause_us, tell_us, count_us;
};

static volatile sig_atomic_t stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static void on_event(void *owner, const struct feed_event *event)
{
    struct courier *courier = owner;
    book_event(&courier->book, feed_folded(courier->feed), event);
}

static enum err open_all(struct courier *courier, struct faults *why)
{
    const struct settings *settings = courier->settings;
    courier->now_us = clock_mono_us();
    courier->posts = posts_open(settings);
    enum err err = letters_open(settings, &courier->letters, why);
    if (err == OK)
        err = desk_open(settings, courier->bound, &courier->desk, why);
    if (err == OK)
        err = bus_open(&courier->bus, why);
    if (err == OK)
        err = ledger_open(settings, &courier->ledger, why);
    if (err == OK)
        err = outbox_open(settings, &courier->outbox, why);
    if (err == OK)
        err = asks_open(courier->bus, settings, &courier->asks, why);
    if (err == OK)
        err = feed_open(courier->bus, settings, courier->ledger,
            &(struct feed_listener){.event = on_event, .owner = courier}, &courier->feed, why);
    courier->parcels = (struct parcels){.settings = settings,
        .ledger = courier->ledger,
        .feed = courier->feed,
        .asks = courier->asks,
        .posts = courier->posts,
        .letters = courier->letters,
        .outbox = courier->outbox};
    return err;
}

static void close_all(struct courier *courier)
{
    if (courier->ledger)
        ledger_close(courier->ledger);
    posts_close(courier->posts);
    letters_close(courier->letters);
    parcels_free(&courier->parcels);
    feed_free(courier->feed);
    asks_free(courier->asks);
    if (courier->bus)
        bus_close(courier->bus);
    outbox_close(courier->outbox);
    desk_close(courier->desk);
    book_free(&courier->book);
}

/* ---- the outbox ---- */
static bool lost(struct courier *courier, const struct faults *why)
{
    if (!courier->outbox_lost)
        log_line(LOG_ERROR, "the outbox does not answer", "why", why->kept[0].detail);
    courier->outbox_lost = true;
    courier->pause_us = courier->now_us + PAUSE_US;
    return false;
}

/* Puts in what is new. The first time, what was put in before is left away here already: after a
 * restart that is nearly everything. */
static bool put_in(struct courier *courier, struct receiver *receiver, struct faults *why)
{
    size_t done = 0;
    if (receiver->fresh_count && !receiver->counts.upto &&
        outbox_counts(courier->outbox, receiver->name, &receiver->counts, why) != OK)
        return false;
    while (done < receiver->fresh_count && receiver->fresh[done] <= receiver->counts.upto)
        done++;
    while (done < receiver->fresh_count) {
        size_t count = receiver->fresh_count - done;
        uint64_t left = 0;
        if (count > OUTBOX_ADD_MOST)
            count = OUTBOX_ADD_MOST;
        if (outbox_add(courier->outbox, receiver->name, receiver->fresh + done, count,
                clock_wall_ms(), &left, why) != OK)
            return false;
        if (left)
            log_line(LOG_WARN, "no room to wait", "to", receiver->name);
        done += count;
        receiver->counts.upto = receiver->fresh[done - 1];
        receiver->look_ms = 0;
    }
    receiver->fresh_count = 0;
    for (; receiver->wish_count; receiver->wish_count--) {
        const struct wish *wish = &receiver->wishes[0];
        if (outbox_again(courier->outbox, receiver->name, wish->position, wish->from, wish->upto,
                clock_wall_ms(), why) != OK)
            return false;
        memmove(receiver->wishes, receiver->wishes + 1,
            (receiver->wish_count - 1) * sizeof *receiver->wishes);
        receiver->look_ms = 0;
    }
    return true;
}

static bool is_served(const struct courier *courier, const struct receiver *receiver)
{
    return receiver->kind == RECEIVER_HOOK ? courier->has_secret
                                           : *courier->settings->smtp && *receiver->address;
}

static size_t room_for(const struct courier *courier, enum receiver_kind kind)
{
    return (kind == RECEIVER_MAIL ? LETTERS_MOST : HOOKS_MOST) - courier->parcels.count[kind];
}

static bool take_out(struct courier *courier, struct receiver *receiver, struct faults *why)
{
    struct outbox_try tries[OUTBOX_TAKE_MOST];
    size_t count = 0, room = EACH_MOST - receiver->under_way;
    int64_t now_ms = clock_wall_ms(), next_ms = 0;
    size_t left = room_for(courier, receiver->kind);
    if (room > left)
        room = left;
    if (room == 0 || receiver->look_ms > now_ms || !is_served(courier, receiver))
        return true;
    if (outbox_take(courier->outbox, receiver->name, now_ms, room, tries, &count, &next_ms, why))
        return false;
    receiver->look_ms = now_ms + LOOK_MS;
    if (next_ms && next_ms < receiver->look_ms)
        receiver->look_ms = next_ms;
    for (size_t i = 0; i < count; i++)
        parcels_begin(&courier->parcels, receiver, tries[i]);
    return true;
}

static void serve(struct courier *courier)
{
    static struct faults why;
    if (!feed_facts(courier->feed) || courier->now_us < courier->pause_us)
        return;
    faults_clear(&why);
    for (struct receiver *receiver = courier->book.receivers; receiver;
         receiver = receiver->hh.next)
        if (!put_in(courier, receiver, &why) || !take_out(courier, receiver, &why)) {
            (void)lost(courier, &why);
            return;
        }
    if (courier->outbox_lost)
        log_line(LOG_INFO, "the outbox is there", NULL, NULL);
    courier->outbox_lost = false;
}

/* Offices makes it; until then no webhook can be signed. */
static void look_for_secret(struct courier *courier)
{
    static struct faults why;
    faults_clear(&why);
    if (!courier->has_secret)
        courier->has_secret =
            token_secret(courier->settings->keys, false, courier->parcels.secret, &why) == OK;
}

/* ---- what is told ---- */
static void count(struct courier *courier)
{
    static struct faults why;
    if (courier->now_us < courier->count_us || courier->outbox_lost)
        return;
    courier->count_us = courier->now_us + COUNT_US;
    faults_clear(&why);
    for (struct receiver *receiver = courier->book.receivers; receiver;
         receiver = receiver->hh.next)
        if (outbox_counts(courier->outbox, receiver->name, &receiver->counts, &why) != OK)
            return;
}

static void write_kind(const struct courier *courier, enum receiver_kind kind, struct buf *out)
{
    struct outbox_counts sum = {0};
    size_t receivers = 0;
    const char *word = kind == RECEIVER_HOOK ? "webhook" : "mail";
    for (const struct receiver *receiver = courier->book.receivers; receiver;
         receiver = receiver->hh.next) {
        if (receiver->kind != kind)
            continue;
        receivers++;
        sum.delivered += receiver->counts.delivered;
        sum.failed += receiver->counts.failed;
        sum.waiting += receiver->counts.waiting;
        sum.parked += receiver->counts.parked;
        sum.left_out += receiver->counts.left_out;
    }
    buf_printf(out, "misaq_courier_targets{kind=\"%s\"} %zu\n", word, receivers);
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"delivered_total", sum.delivered}, {"failed_total", sum.failed},
        {"waiting", sum.waiting}, {"parked", sum.parked}, {"left_out_total", sum.left_out}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_printf(
            out, "misaq_courier_%s{kind=\"%s\"} %" PRIu64 "\n", rows[i].name, word, rows[i].value);
}

static void tell(struct courier *courier)
{
    if (courier->now_us < courier->tell_us)
        return;
    courier->tell_us = courier->now_us + TELL_US;
    look_for_secret(courier);
    count(courier);
    BUF_CLEANUP struct buf page = BUF(PAGE_MAX);
    buf_printf(&page,
        "misaq_courier_position %" PRIu64 "\nmisaq_courier_head %" PRIu64
        "\nmisaq_courier_under_way %zu\n",
        feed_position(courier->feed), feed_head(courier->feed),
        courier->parcels.count[RECEIVER_HOOK] + courier->parcels.count[RECEIVER_MAIL]);
    write_kind(courier, RECEIVER_HOOK, &page);
    write_kind(courier, RECEIVER_MAIL, &page);
    desk_tell(courier->desk, buf_as_text(&page),
        feed_facts(courier->feed) != NULL && !courier->outbox_lost);
}

/* ---- the loop ---- */
static int sooner(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

static int look_wait_ms(const struct courier *courier)
{
    int64_t now_ms = clock_wall_ms(), wait_ms = (int64_t)TELL_US / 1000;
    for (const struct receiver *receiver = courier->book.receivers; receiver;
         receiver = receiver->hh.next)
        if (receiver->under_way < EACH_MOST && room_for(courier, receiver->kind) &&
            is_served(courier, receiver) && receiver->look_ms - now_ms < wait_ms)
            wait_ms = receiver->look_ms - now_ms;
    if (courier->outbox_lost)
        return (int)(PAUSE_US / 1000);
    return wait_ms < 0 ? 0 : (int)wait_ms;
}

static void wait_for_work(struct courier *courier)
{
    struct bus_wait items[WAITS_MAX];
    size_t waits = feed_wait_items(courier->feed, items);
    waits += asks_wait_items(courier->asks, items + waits);
    items[waits++] = (struct bus_wait){.fd = posts_fd(courier->posts)};
    items[waits++] = (struct bus_wait){.fd = letters_fd(courier->letters)};
    if (ledger_fd(courier->ledger) >= 0)
        items[waits++] = (struct bus_wait){
            .fd = ledger_fd(courier->ledger), .want_write = ledger_wants_write(courier->ledger)};
    uint64_t now_us = clock_mono_us();
    int wait_ms = sooner(look_wait_ms(courier), feed_wait_ms(courier->feed, now_us));
    wait_ms = sooner(wait_ms, ledger_wait_ms(courier->ledger, now_us));
    wait_ms = sooner(wait_ms, asks_wait_ms(courier->asks, now_us));
    wait_ms = sooner(wait_ms, posts_wait_ms(courier->posts, now_us));
    log_flush();
    bus_wait(items, waits, wait_ms);
}

static void turn(struct courier *courier)
{
    courier->now_us = courier->parcels.now_us = clock_mono_us();
    feed_turn(courier->feed, courier->now_us);
    serve(courier);
    ledger_turn(courier->ledger, courier->now_us);
    asks_turn(courier->asks, courier->now_us);
    posts_turn(courier->posts, courier->now_us);
    letters_turn(courier->letters);
    tell(courier);
}

int courier_run(const struct settings *settings)
{
    static struct courier courier;
    static struct faults why;
    courier = (struct courier){.settings = settings};
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    enum err err = open_all(&courier, &why);
    if (err == OK) {
        log_line(LOG_INFO, "listening", "admin", courier.bound);
        while (!stop_wanted) {
            wait_for_work(&courier);
            turn(&courier);
        }
    } else {
        log_begin(LOG_ERROR, "cannot start");
        log_str("what", why.kept[0].member);
        log_str("why", why.kept[0].detail);
        log_end();
    }
    close_all(&courier);
    log_line(LOG_INFO, "stopped", NULL, NULL);
    return err == OK ? 0 : 1;
}
