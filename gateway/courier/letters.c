/* The workers are those of services (service/errands.h): an order goes in, which is the letter's
 * texts, each with its end; a receipt comes out. */
#include "letters.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/pack.h"
#include "words.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <utlist.h>

#define HEAD_MAX  2048
#define SECOND_MS 1000

struct waiting {
    struct waiting *prev, *next;
    on_outcome *done;
    void *owner;
};

struct letters {
    struct errands *errands;
    struct waiting *all;
};

/* ---- a worker ---- */
struct order {
    struct text to, id, subject, body, moment;
};

static void order_read(struct text bytes, struct order *ret_order)
{
    struct text *const parts[] = {
        &ret_order->to, &ret_order->id, &ret_order->subject, &ret_order->moment, &ret_order->body};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        *parts[i] = text_cut(bytes, '\0', &bytes); /* each is terminated */
}

static struct curl_slist *with(struct curl_slist *fields, const char *name, struct text value)
{
    char line[HEAD_MAX];
    int len = snprintf(line, sizeof line, "%s: %.*s", name, TEXT_ARG(value));
    must(len > 0 && (size_t)len < sizeof line);
    must(fields = curl_slist_append(fields, line));
    return fields;
}

static struct text host_of(const char *address)
{
    struct text host;
    (void)text_cut(text_of(address), '@', &host);
    return host;
}

static struct curl_slist *head_of(const struct order *order, const char *from)
{
    char date[64], id[HEAD_MAX];
    struct tm parts;
    uint64_t seconds = 0;
    must(text_whole(order->moment, INT64_MAX, &seconds));
    time_t now = (time_t)seconds;
    must(gmtime_r(&now, &parts));
    must(strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &parts) > 0);
    int len = snprintf(id, sizeof id, "<%.*s@%.*s>", TEXT_ARG(order->id), TEXT_ARG(host_of(from)));
    must(len > 0 && (size_t)len < sizeof id);
    BUF_CLEANUP struct buf subject = BUF(HEAD_MAX);
    words_encode(order->subject, &subject);
    struct curl_slist *fields = with(NULL, "Date", text_of(date));
    fields = with(fields, "From", text_of(from));
    fields = with(fields, "To", order->to);
    fields = with(fields, "Subject", buf_as_text(&subject));
    fields = with(fields, "Message-ID", text_of(id));
    return with(fields, "Auto-Submitted", TEXT_LITERAL("auto-generated"));
}

static void set_server(CURL *call, const struct settings *settings)
{
    long ms = (long)settings->delivery_ms, seconds = ms < SECOND_MS ? 1 : ms / SECOND_MS;
    (void)curl_easy_setopt(call, CURLOPT_URL, settings->smtp);
    (void)curl_easy_setopt(call, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(call, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(call, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(call, CURLOPT_TIMEOUT_MS, ms);
    (void)curl_easy_setopt(call, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    (void)curl_easy_setopt(
        call, CURLOPT_USE_SSL, (long)(settings->smtp_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (*settings->smtp_ca)
        (void)curl_easy_setopt(call, CURLOPT_CAINFO, settings->smtp_ca);
    if (*settings->smtp_user) {
        (void)curl_easy_setopt(call, CURLOPT_USERNAME, settings->smtp_user);
        (void)curl_easy_setopt(call, CURLOPT_PASSWORD, settings->smtp_password);
    }
    (void)curl_easy_setopt(call, CURLOPT_MAIL_FROM, settings->mail_from);
}

/* 5xx is for good, but for those that are about us: who we are and how we speak. */
static void answer(CURL *call, CURLcode code, const char *detail, struct reply *reply)
{
    long status = 0;
    (void)curl_easy_getinfo(call, CURLINFO_RESPONSE_CODE, &status);
    bool give_up = code != CURLE_OK && code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED &&
                   status >= 550 && status <= 554;
    struct letter_outcome outcome = {.delivered = code == CURLE_OK ? FLAG_YES : FLAG_NO,
        .give_up = give_up ? FLAG_YES : FLAG_NO,
        .status = {status, true}};
    if (code != CURLE_OK)
        outcome.detail = text_of(*detail ? detail : curl_easy_strerror(code));
    reply_add(reply, letter_outcome_record(), &outcome);
}

static enum err run(void *tools, struct text bytes, struct reply *ret_reply, struct faults *why)
{
    const struct settings *settings = tools;
    char error[CURL_ERROR_SIZE] = "";
    struct order order;
    CURL *call = curl_easy_init();
    (void)why; /* what goes wrong is an outcome as well */
    must(call);
    order_read(bytes, &order);
    curl_mime *mime = curl_mime_init(call);
    must(mime);
    curl_mimepart *part = curl_mime_addpart(mime);
    must(part && curl_mime_data(part, order.body.at, order.body.len) == CURLE_OK);
    (void)curl_mime_type(part, "text/plain; charset=utf-8");
    (void)curl_mime_encoder(part, "base64");
    struct curl_slist *fields = head_of(&order, settings->mail_from);
    struct curl_slist *to = curl_slist_append(NULL, order.to.at);
    must(to);
    set_server(call, settings);
    (void)curl_easy_setopt(call, CURLOPT_ERRORBUFFER, error);
    (void)curl_easy_setopt(call, CURLOPT_HTTPHEADER, fields);
    (void)curl_easy_setopt(call, CURLOPT_MAIL_RCPT, to);
    (void)curl_easy_setopt(call, CURLOPT_MIMEPOST, mime);
    CURLcode code = curl_easy_perform(call);
    answer(call, code, error, ret_reply);
    curl_easy_cleanup(call);
    curl_mime_free(mime);
    curl_slist_free_all(fields);
    curl_slist_free_all(to);
    return OK;
}

static const struct service_errand errand = {MESSAGE_UNSET, NULL, run};

static enum err tools_open(const struct settings *settings, void **ret_tools, struct faults *why)
{
    (void)why;
    *ret_tools = (void *)(uintptr_t)settings;
    return OK;
}

/* ---- the loop's side ---- */
enum err letters_open(
    const struct settings *settings, struct letters **ret_letters, struct faults *why)
{
    static const struct service service = {
        .errands = &errand, .errand_count = 1, .tools_open = tools_open};
    if (strpbrk(settings->mail_from, "\r\n <>") || !strchr(settings->mail_from, '@'))
        return faults_add(why, ERR_INVALID, "MISAQ_MAIL_FROM", "is not one address");
    struct letters *letters = calloc(1, sizeof *letters);
    must(letters);
    *ret_letters = letters;
    return errands_open(&service, settings, &letters->errands, why);
}

static void forget(struct letters *letters, struct waiting *waiting)
{
    DL_DELETE(letters->all, waiting);
    free(waiting);
}

void letters_close(struct letters *letters)
{
    if (!letters)
        return;
    errands_close(letters->errands);
    for (struct waiting *next, *waiting = letters->all; waiting; waiting = next) {
        next = waiting->next;
        forget(letters, waiting);
    }
    free(letters);
}

static void add_part(struct buf *out, struct text part)
{
    buf_text(out, part);
    buf_char(out, '\0');
}

void letters_send(
    struct letters *letters, const struct letter *letter, on_outcome *done, void *owner)
{
    char moment[24];
    struct buf *order = errands_order(letters->errands);
    struct text body = letter->body;
    must(order); /* at most LETTERS_MOST are under way */
    if (body.len > LETTERS_BODY_MAX)
        body.len = LETTERS_BODY_MAX;
    (void)snprintf(moment, sizeof moment, "%ld", letter->now_s);
    add_part(order, text_of(letter->to));
    add_part(order, text_of(letter->id));
    add_part(order, letter->subject);
    add_part(order, text_of(moment));
    add_part(order, body);
    struct waiting *waiting = calloc(1, sizeof *waiting);
    must(waiting);
    *waiting = (struct waiting){.done = done, .owner = owner};
    DL_APPEND(letters->all, waiting);
    errands_send(letters->errands, &errand, waiting, UINT64_MAX);
}

int letters_fd(const struct letters *letters)
{
    return errands_fd(letters->errands);
}

void letters_turn(struct letters *letters)
{
    static struct faults why;
    struct errand_result result;
    while (errands_done(letters->errands, &result)) {
        struct waiting *waiting = result.owner;
        struct letter_outcome told = {0};
        char detail[CURL_ERROR_SIZE] = "";
        faults_clear(&why);
        must(pack_read_trusted(
                 letter_outcome_record(), reply_frame_at(result.reply, 0), &told, &why) == OK);
        (void)snprintf(detail, sizeof detail, "%.*s", TEXT_ARG(told.detail));
        waiting->done(waiting->owner, &(struct outcome){.delivered = told.delivered == FLAG_YES,
                                          .give_up = told.give_up == FLAG_YES,
                                          .status = (long)told.status.value,
                                          .detail = *detail ? detail : NULL});
        forget(letters, waiting);
    }
}
