#include "witnesses.h"

#include "base/log.h"
#include "base/must.h"
#include "base/settings.h"
#include "proof/base64.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define WITNESSES_MAX 8
#define REQUEST_MAX   (128u * 1024u)
#define ANSWER_MAX    (16u * 1024u)
#define TIMEOUT_MS    10000L
#define PAUSE_US      UINT64_C(5000000) /* after a witness that failed */
#define URL_SIZE      256

enum stage { WITNESS_FREE, WITNESS_ASKED, WITNESS_ANSWERED };

struct witness {
    struct note_key key;
    char url[URL_SIZE];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stop;
    enum stage stage; /* with mutex, as is all that follows */
    struct buf request, answer;
    long status; /* 0: no answer */
    struct buf note;
    uint64_t size;  /* of the note that is offered */
    uint64_t known; /* size that the witness knows */
    uint64_t rest_until_us;
};

struct witnesses {
    size_t count;
    struct witness at[WITNESSES_MAX];
};

/* ---- the thread ---- */

static size_t on_bytes(char *bytes, size_t size, size_t count, void *owner)
{
    struct buf *answer = owner;
    buf_add(answer, bytes, size * count);
    return answer->full ? 0 : size * count;
}

static long post(CURL *curl, const char *url, struct text request, struct buf *answer)
{
    long status = 0;
    struct curl_slist *fields = curl_slist_append(NULL, "Expect:");
    fields = fields ? curl_slist_append(fields, "Content-Type: text/plain") : NULL;
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.at);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request.len);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (curl_easy_perform(curl) != CURLE_OK ||
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
        status = 0;
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(fields);
    return status;
}

/* The request and the answer are the thread's own while it is asked. */
static void *ask(void *owner)
{
    struct witness *witness = owner;
    CURL *curl = curl_easy_init();
    must(curl);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    must(pthread_mutex_lock(&witness->mutex) == 0);
    while (!witness->stop) {
        if (witness->stage != WITNESS_ASKED) {
            must(pthread_cond_wait(&witness->wake, &witness->mutex) == 0);
            continue;
        }
        must(pthread_mutex_unlock(&witness->mutex) == 0);
        buf_clear(&witness->answer);
        long status = post(curl, witness->url, buf_as_text(&witness->request), &witness->answer);
        must(pthread_mutex_lock(&witness->mutex) == 0);
        witness->status = status;
        witness->stage = WITNESS_ANSWERED;
    }
    must(pthread_mutex_unlock(&witness->mutex) == 0);
    curl_easy_cleanup(curl);
    return NULL;
}

/* ---- opening ---- */

static enum err read_one(
    struct text key, struct text url, struct witness *witness, struct faults *why)
{
    enum err err = note_key_read(key, &witness->key, why);
    if (err != OK)
        return err;
    if (witness->key.kind != NOTE_WITNESS || url.len == 0 || url.len >= URL_SIZE - 16)
        return faults_add(why, ERR_INVALID, "MISAQ_WITNESSES",
            "wants \"<verifier key of a witness> <url>\", not \"%.*s %.*s\"", TEXT_ARG(key),
            TEXT_ARG(url));
    (void)snprintf(witness->url, sizeof witness->url, "%.*s/add-checkpoint", TEXT_ARG(url));
    return OK;
}

static void start(struct witness *witness)
{
    sigset_t all, before;
    witness->request = BUF(REQUEST_MAX);
    witness->answer = BUF(ANSWER_MAX);
    witness->note = BUF(REQUEST_MAX);
    must(pthread_mutex_init(&witness->mutex, NULL) == 0);
    must(pthread_cond_init(&witness->wake, NULL) == 0);
    (void)sigfillset(&all); /* signals are the loop's */
    must(pthread_sigmask(SIG_BLOCK, &all, &before) == 0);
    must(pthread_create(&witness->thread, NULL, ask, witness) == 0);
    must(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

enum err witnesses_open(const char *settings, struct witnesses **ret_witnesses, struct faults *why)
{
    struct witnesses *witnesses = calloc(1, sizeof *witnesses);
    must(witnesses);
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
    const char *list = settings;
    char key[SETTING_WORD_SIZE], url[SETTING_WORD_SIZE];
    enum err err = OK;
    while (err == OK && settings_next_address(&list, key)) {
        if (!settings_next_address(&list, url))
            *url = '\0';
        if (witnesses->count == WITNESSES_MAX)
            err = faults_add(
                why, ERR_INVALID, "MISAQ_WITNESSES", "names more than %d witnesses", WITNESSES_MAX);
        else
            err = read_one(text_of(key), text_of(url), &witnesses->at[witnesses->count], why);
        if (err == OK)
            witnesses->count++;
    }
    if (err != OK) {
        free(witnesses);
        return err;
    }
    for (size_t i = 0; i < witnesses->count; i++)
        start(&witnesses->at[i]);
    *ret_witnesses = witnesses;
    return OK;
}

void witnesses_close(struct witnesses *witnesses)
{
    if (!witnesses)
        return;
    for (size_t i = 0; i < witnesses->count; i++) {
        struct witness *witness = &witnesses->at[i];
        must(pthread_mutex_lock(&witness->mutex) == 0);
        witness->stop = true;
        must(pthread_cond_signal(&witness->wake) == 0);
        must(pthread_mutex_unlock(&witness->mutex) == 0);
        must(pthread_join(witness->thread, NULL) == 0);
        must(pthread_cond_destroy(&witness->wake) == 0);
        must(pthread_mutex_destroy(&witness->mutex) == 0);
        buf_free(&witness->request);
        buf_free(&witness->answer);
        buf_free(&witness->note);
    }
    free(witnesses);
    curl_global_cleanup();
}

/* ---- asking ---- */

/* "old <size>", the consistency proof a line a hash, an empty line, the checkpoint. */
static void write_request(struct witness *witness, const struct merkle *tree)
{
    struct merkle_path path;
    struct buf *out = &witness->request;
    buf_clear(out);
    buf_printf(out, "old %llu\n", (unsigned long long)witness->known);
    merkle_consistency(tree, witness->known, witness->size, &path);
    for (uint32_t i = 0; i < path.count; i++) {
        base64_write(out, BASE64_PADDED, (struct text){(const char *)path.at[i].at, DIGEST_SIZE});
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
    buf_text(out, buf_as_text(&witness->note));
}

static void offer(struct witness *witness, struct text note, uint64_t size,
    const struct merkle *tree, uint64_t now_us)
{
    if (witness->stage != WITNESS_FREE || now_us < witness->rest_until_us || size < witness->known)
        return;
    if (size == witness->size && size == witness->known)
        return; /* it has signed this one */
    witness->size = size;
    buf_clear(&witness->note);
    buf_text(&witness->note, note);
    write_request(witness, tree);
    must(!witness->request.full);
    witness->rest_until_us = now_us + PAUSE_US; /* unless it answers well */
    witness->stage = WITNESS_ASKED;
    must(pthread_cond_signal(&witness->wake) == 0);
}

void witnesses_offer(struct witnesses *witnesses, struct text note, uint64_t size,
    const struct merkle *tree, uint64_t now_us)
{
    for (size_t i = 0; i < witnesses->count; i++) {
        struct witness *witness = &witnesses->at[i];
        must(pthread_mutex_lock(&witness->mutex) == 0);
        offer(witness, note, size, tree, now_us);
        must(pthread_mutex_unlock(&witness->mutex) == 0);
    }
}

/* ---- what they answer ---- */

/* Whether the answer is a cosignature of this witness; then it is behind the note. */
static bool add_cosignature(struct witness *witness)
{
    struct note *note = malloc(sizeof *note);
    static struct faults why;
    size_t before = witness->note.len;
    must(note);
    faults_clear(&why);
    buf_text(&witness->note, buf_as_text(&witness->answer));
    bool fine = !witness->note.full && note_read(buf_as_text(&witness->note), note, &why) == OK &&
                note_verify(note, &witness->key, NULL, &why) == OK;
    if (!fine)
        witness->note.len = before;
    free(note);
    return fine;
}

static void complain(const struct witness *witness, const char *what)
{
    log_begin(LOG_WARN, "witness");
    log_str("name", witness->key.name);
    log_whole("status", witness->status);
    log_str("why", what);
    log_end();
}

/* 409 tells which size the witness knows; everything else that is not 200 waits for a while. */
static bool judge(struct witness *witness)
{
    uint64_t known;
    struct text answer = buf_as_text(&witness->answer), rest;
    witness->stage = WITNESS_FREE;
    if (witness->status == 200 && add_cosignature(witness)) {
        witness->known = witness->size;
        witness->rest_until_us = 0;
        return true;
    }
    if (witness->status == 409 && text_whole(text_cut(answer, '\n', &rest), INT64_MAX, &known)) {
        complain(witness, known > witness->size ? "it knows a longer ledger than ours: a fork?"
                                                : "it knows another size: going on from there");
        witness->known = known;
        witness->rest_until_us = known > witness->size ? witness->rest_until_us : 0;
    } else
        complain(witness, witness->status == 200 ? "its cosignature does not verify"
                          : witness->status      ? "it refuses the checkpoint"
                                                 : "it does not answer");
    return false;
}

uint64_t witnesses_take(struct witnesses *witnesses, struct buf *ret_note)
{
    uint64_t size = 0;
    for (size_t i = 0; i < witnesses->count && !size; i++) {
        struct witness *witness = &witnesses->at[i];
        must(pthread_mutex_lock(&witness->mutex) == 0);
        if (witness->stage == WITNESS_ANSWERED && judge(witness)) {
            size = witness->size;
            buf_clear(ret_note);
            buf_text(ret_note, buf_as_text(&witness->note));
        }
        must(pthread_mutex_unlock(&witness->mutex) == 0);
    }
    return size;
}
