/* An e-mail, handed to the mail server of the settings; the library writes the body's encoding. */
#include "posts_inside.h"

#include "base/must.h"
#include "words.h"

#include <stdio.h>
#include <time.h>

#define HEAD_MAX 2048

static struct text host_of(const char *address)
{
    struct text host, whole = text_of(address);
    (void)text_cut(whole, '@', &host);
    return host.len ? host : TEXT_LITERAL("localhost");
}

static void head(struct post *post, const struct letter *letter, const char *from)
{
    char date[64], id[HEAD_MAX];
    struct tm parts;
    time_t now = (time_t)letter->now_s;
    must(gmtime_r(&now, &parts));
    must(strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &parts) > 0);
    int len = snprintf(id, sizeof id, "<%s@%.*s>", letter->id, TEXT_ARG(host_of(from)));
    must(len > 0 && (size_t)len < sizeof id);
    BUF_CLEANUP struct buf subject = BUF(HEAD_MAX);
    words_encode(letter->subject, &subject);
    post_field(post, "Date", text_of(date));
    post_field(post, "From", text_of(from));
    post_field(post, "To", text_of(letter->to));
    post_field(post, "Subject", buf_as_text(&subject));
    post_field(post, "Message-ID", text_of(id));
    post_field(post, "Auto-Submitted", TEXT_LITERAL("auto-generated"));
}

void posts_letter(struct posts *posts, const struct letter *letter, uint64_t now_us,
    post_on_done *done, void *owner)
{
    const struct settings *settings = posts_settings(posts);
    struct post *post = post_new(posts, now_us, done, owner);
    CURL *call = post->call;
    post->is_mail = true;
    head(post, letter, settings->mail_from);
    post->to = curl_slist_append(NULL, letter->to);
    post->mime = curl_mime_init(call);
    must(post->to && post->mime);
    curl_mimepart *part = curl_mime_addpart(post->mime);
    must(part && curl_mime_data(part, letter->body.at, letter->body.len) == CURLE_OK);
    (void)curl_mime_type(part, "text/plain; charset=utf-8");
    (void)curl_mime_encoder(part, "base64");
    (void)curl_easy_setopt(call, CURLOPT_URL, settings->smtp);
    (void)curl_easy_setopt(call, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(
        call, CURLOPT_USE_SSL, (long)(settings->smtp_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (*settings->smtp_user) {
        (void)curl_easy_setopt(call, CURLOPT_USERNAME, settings->smtp_user);
        (void)curl_easy_setopt(call, CURLOPT_PASSWORD, settings->smtp_password);
    }
    (void)curl_easy_setopt(call, CURLOPT_MAIL_FROM, settings->mail_from);
    (void)curl_easy_setopt(call, CURLOPT_MAIL_RCPT, post->to);
    (void)curl_easy_setopt(call, CURLOPT_MIMEPOST, post->mime);
    post_begin(post);
}
