/* Notes of running logs verify here, ours have the published form to the byte, and what is not of
 * that form is refused by what is wrong with it. */
#include "proof/base64.h"
#include "proof/checkpoint.h"
#include "proof/note.h"
#include "support/chance.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DASH "\xE2\x80\x94"

static struct faults why;
static struct note note;

/* The example of Go's sumdb/note: verifier key, seed of the signer key, and the note. */
static const char peter[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_seed[] = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
static const char peter_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n" DASH " PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/* A checkpoint of a certificate log: its Ed25519 signature, one of another type by the same name,
 * and those of witnesses. */
static const char arche_body[] = "arche2025h1.staging.ct.transparency.dev\n"
                                 "1432088532\n"
                                 "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n";
static const char arche_signatures[] =
    "\n" DASH " arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJX"
    "Fbon5Ch9MNL5zRNZ55lvGt0=\n" DASH " arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/"
    "27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n" DASH
    " witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0X"
    "wzdZsDsUAQ==\n" DASH " remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxt"
    "qB0DrAWfBw==\n" DASH " witness.stagemole.eu "
    "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKF"
    "Ye/TmN9DAg==\n";
static const struct {
    const char *key;
    uint64_t seconds;
} arche_keys[] = {
    {"arche2025h1.staging.ct.transparency.dev+ba2f06c0+"
     "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
        0},
    {"witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        0x6a122120},
    {"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", 0x6a122120},
    {"witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv", 0x6a122120},
};

static struct note_key key_from(const char *text)
{
    struct note_key key;
    faults_clear(&why);
    if (note_key_read(text_of(text), &key, &why) != OK)
        fail_msg("%s: %s", text, why.kept[0].detail);
    return key;
}

static void assert_refused(enum err err, enum err expected, const char *word)
{
    assert_int_equal(err, expected);
    assert_int_equal(why.total, 1);
    if (!strstr(why.kept[0].detail, word))
        fail_msg("\"%s\" does not say \"%s\"", why.kept[0].detail, word);
    faults_clear(&why);
}

static void the_published_note_is_ours_to_the_byte(void **state)
{
    (void)state;
    unsigned char seed[33];
    size_t len;
    struct key_public public;
    struct key_secret secret;
    struct note_key key = key_from(peter);
    uint64_t seconds = 99;
    assert_int_equal(note_read(text_of(peter_note), &note, &why), OK);
    assert_int_equal(note_verify(&note, &key, &seconds, &why), OK);
    assert_int_equal(seconds, 0);
    assert_true(base64_read(BASE64_PADDED, text_of(peter_seed), seed, sizeof seed, &len));
    assert_int_equal(crypto_sign_seed_keypair(public.at, secret.at, seed + 1), 0);
    BUF_CLEANUP struct buf again = BUF(NOTE_MAX);
    note_write(&again, note.text);
    note_sign(&again, note.text, &key, &secret, 0);
    assert_true(text_equal(buf_as_text(&again), text_of(peter_note)));
    BUF_CLEANUP struct buf text = BUF(400);
    note_key_write(&text, &key);
    assert_true(text_equal(buf_as_text(&text), text_of(peter)));
}

static void the_checkpoint_of_a_running_log_and_its_witnesses(void **state)
{
    (void)state;
    char bytes[sizeof arche_body + sizeof arche_signatures];
    int size = snprintf(bytes, sizeof bytes, "%s%s", arche_body, arche_signatures);
    struct text whole = {bytes, (size_t)size};
    struct checkpoint checkpoint;
    faults_clear(&why);
    assert_int_equal(note_read(whole, &note, &why), OK);
    assert_int_equal(note.count, 5);
    assert_int_equal(checkpoint_read(note.text, &checkpoint, &why), OK);
    assert_int_equal(checkpoint.size, 1432088532);
    BUF_CLEANUP struct buf again = BUF(1000);
    checkpoint_write(&again, &checkpoint);
    assert_true(text_equal(buf_as_text(&again), text_of(arche_body)));
    for (size_t i = 0; i < sizeof arche_keys / sizeof *arche_keys; i++) {
        struct note_key key = key_from(arche_keys[i].key);
        uint64_t seconds;
        assert_int_equal(note_verify(&note, &key, &seconds, &why), OK);
        assert_int_equal(seconds, arche_keys[i].seconds);
    }
    struct note_key stranger = key_from(peter);
    assert_refused(note_verify(&note, &stranger, NULL, &why), ERR_NOT_FOUND, "no signature");
    bytes[strlen("arche2025h1.staging.ct.transparency.dev\n")] = '2';
    assert_int_equal(note_read(whole, &note, &why), OK);
    for (size_t i = 0; i < sizeof arche_keys / sizeof *arche_keys; i++) {
        struct note_key key = key_from(arche_keys[i].key);
        assert_refused(note_verify(&note, &key, NULL, &why), ERR_INVALID, "does not verify");
    }
}

/* Whichever byte of a note is another: it is refused, or the signature is not ours any more. */
static void every_changed_byte_is_found(void **state)
{
    (void)state;
    struct note_key key = key_from(peter);
    char bytes[sizeof peter_note];
    for (size_t i = 0; i < sizeof bytes - 1; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bytes, peter_note, sizeof bytes);
            bytes[i] = (char)((unsigned char)bytes[i] ^ 1u << bit);
            faults_clear(&why);
            enum err err = note_read((struct text){bytes, sizeof bytes - 1}, &note, &why);
            if (err == OK)
                err = note_verify(&note, &key, NULL, &why);
            if (err == OK || why.total == 0)
                fail_msg("byte %zu, bit %u", i, bit);
        }
}

#define LINE                                                                                       \
    DASH " PeterNeumann "                                                                          \
         "x08go/ZJkuBS9UG/"                                                                        \
         "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static void forms_that_are_no_notes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *word;
    } cases[] = {
        {"", "no empty line"},
        {"text\n", "no empty line"},
        {"text\n\n", "no signature"},
        {"\n" DASH " a AAAAAAA=\n", "no empty line"},
        {"text\n\n" DASH " a AAAAAAA=", "no newline"},
        {"text\n\nunsigned\n", "dash"},
        {"text\n\n- a AAAAAAA=\n", "dash"},
        {"text\n\n" DASH "a AAAAAAA=\n", "dash"},
        {"text\n\n" DASH " a AAAAAAA=\n" DASH " b\n", "line 2"},
        {"text\n\n" DASH "  AAAAAAA=\n", "name"},
        {"text\n\n" DASH " a+b AAAAAAA=\n", "name"},
        {"text\n\n" DASH " a\xC2\xA0"
         "b AAAAAAA=\n",
            "name"},
        {"text\n\n" DASH " a\xE3\x80\x80"
         "b AAAAAAA=\n",
            "name"},
        {"text\n\n" DASH " a AAAAAAA\n", "base64"},
        {"text\n\n" DASH " a AAAAAAB=\n", "base64"},
        {"text\n\n" DASH " a AAAA AAA=\n", "base64"},
        {"text\n\n" DASH " a  AAAAAAA=\n", "base64"},
        {"text\n\n" DASH " a AAAAAAA= \n", "base64"},
        {"text\n\n" DASH " a\n", "base64"},
        {"text\n\n" DASH " a AAAAAA==\n", "behind the key's id"},
        {"text\r\n\n" DASH " a AAAAAAA=\n", "control"},
        {"te\txt\n\n" DASH " a AAAAAAA=\n", "control"},
        {"te\xFFxt\n\n" DASH " a AAAAAAA=\n", "UTF-8"},
        {"te\xED\xA0\x80xt\n\n" DASH " a AAAAAAA=\n", "UTF-8"},
    };
    faults_clear(&why);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(
            note_read(text_of(cases[i].bytes), &note, &why), ERR_BAD_INPUT, cases[i].word);
    BUF_CLEANUP struct buf many = BUF(NOTE_MAX + 100);
    buf_str(&many, "text\n\n");
    for (int i = 0; i <= NOTE_SIGNATURES_MAX; i++)
        buf_str(&many, DASH " a AAAAAAA=\n");
    assert_refused(note_read(buf_as_text(&many), &note, &why), ERR_TOO_LARGE, "100");
    while (many.len <= NOTE_MAX)
        buf_char(&many, '\n');
    assert_refused(note_read(buf_as_text(&many), &note, &why), ERR_TOO_LARGE, "longer");
}

static void a_text_may_hold_empty_lines(void **state)
{
    (void)state;
    faults_clear(&why);
    assert_int_equal(note_read(TEXT_LITERAL("a\n\nb\n\n" DASH " a AAAAAAA=\n"), &note, &why), OK);
    assert_true(text_is(note.text, "a\n\nb\n"));
    assert_int_equal(note_read(TEXT_LITERAL("\n\n" DASH " a AAAAAAA=\n"), &note, &why), OK);
    assert_true(text_is(note.text, "\n"));
}

/* A known key must verify wherever it signs; keys of the same name or the same id are others. */
static void a_bad_signature_of_a_known_key_spoils_the_note(void **state)
{
    (void)state;
    struct note_key key = key_from(peter), other = key;
    BUF_CLEANUP struct buf bytes = BUF(4000);
    buf_str(&bytes, peter_note);
    buf_str(&bytes, DASH " PeterNeumann x08go/AAAA==\n");
    assert_int_equal(note_read(buf_as_text(&bytes), &note, &why), OK);
    assert_refused(note_verify(&note, &key, NULL, &why), ERR_INVALID, "not as long");
    buf_clear(&bytes);
    buf_str(&bytes, peter_note);
    buf_str(&bytes, LINE DASH " PeterNeumann AAAAAAAAAAA=\n" DASH " Enoch x08go/AAAA==\n");
    assert_int_equal(note_read(buf_as_text(&bytes), &note, &why), OK);
    assert_int_equal(note_verify(&note, &key, NULL, &why), OK);
    other.id++;
    assert_refused(note_verify(&note, &other, NULL, &why), ERR_NOT_FOUND, "no signature");
}

static void a_witness_says_when(void **state)
{
    (void)state;
    struct key_secret secret;
    key_generate(&secret);
    struct key_public public = key_public_of(&secret);
    struct text text = text_of(arche_body);
    struct note_key witness =
        note_key_of(TEXT_LITERAL("witness.example/w1"), NOTE_WITNESS, &public);
    struct note_key log = note_key_of(TEXT_LITERAL("witness.example/w1"), NOTE_LOG, &public);
    BUF_CLEANUP struct buf bytes = BUF(NOTE_MAX);
    uint64_t seconds;
    faults_clear(&why);
    assert_int_not_equal(witness.id, log.id);
    note_write(&bytes, text);
    note_sign(&bytes, text, &witness, &secret, 1700000000);
    note_sign(&bytes, text, &witness, &secret, 1800000000);
    note_sign(&bytes, text, &witness, &secret, 0);
    assert_int_equal(note_read(buf_as_text(&bytes), &note, &why), OK);
    assert_int_equal(note_verify(&note, &witness, &seconds, &why), OK);
    assert_int_equal(seconds, 1800000000);
    assert_refused(note_verify(&note, &log, NULL, &why), ERR_NOT_FOUND, "no signature");
    BUF_CLEANUP struct buf key = BUF(400);
    note_key_write(&key, &witness);
    buf_char(&key, '\0');
    struct note_key back = key_from(key.at);
    assert_memory_equal(&back.public, &public, sizeof public);
    assert_int_equal(back.id, witness.id);
    assert_int_equal(back.kind, NOTE_WITNESS);
}

static void texts_that_are_no_verifier_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"", "empty"},
        {"PeterNeumann", "name+hash+base64"},
        {"PeterNeumann+c74f20a3", "name+hash+base64"},
        {"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "empty"},
        {"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "blank"},
        {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "c74f20a3"},
        {"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "c74f20a3"},
        {"PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "c74f20a3"},
        {"PeterNeumann++ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "c74f20a3"},
        {"peterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "hash"},
        {"PeterNeumann+c74f20a3+AhpcAQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "type"},
        {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "base64"},
        {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq_LDE4izWy10TW", "base64"},
        {"PeterNeumann+c74f20a3+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "small order"},
    };
    struct note_key key;
    faults_clear(&why);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(
            note_key_read(text_of(cases[i].text), &key, &why), ERR_INVALID, cases[i].word);
    for (size_t from = 0; from < sizeof peter - 1; from++) /* every part of one is none */
        for (size_t to = from; to < sizeof peter; to++)
            if (from > 0 || to < sizeof peter - 1)
                assert_int_not_equal(
                    note_key_read((struct text){peter + from, to - from}, &key, &why), OK);
    faults_clear(&why);
    char longest[NOTE_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    assert_null(note_name_complaint((struct text){longest, NOTE_NAME_MAX}));
    assert_non_null(note_name_complaint((struct text){longest, NOTE_NAME_MAX + 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_note_is_ours_to_the_byte),
        cmocka_unit_test(the_checkpoint_of_a_running_log_and_its_witnesses),
        cmocka_unit_test(every_changed_byte_is_found),
        cmocka_unit_test(forms_that_are_no_notes),
        cmocka_unit_test(a_text_may_hold_empty_lines),
        cmocka_unit_test(a_bad_signature_of_a_known_key_spoils_the_note),
        cmocka_unit_test(a_witness_says_when),
        cmocka_unit_test(texts_that_are_no_verifier_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
