#include "base/clock.h"

#include "base/must.h"

#include <stdio.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

uint64_t clock_mono_us(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool digits(const char *at, size_t count, int32_t *ret_value)
{
    int32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        value = value * 10 + (at[i] - '0');
    }
    *ret_value = value;
    return true;
}

static int32_t month_length(int32_t year, int32_t month)
{
    static const int8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return length[month - 1] + (month == 2 && leap);
}

int32_t day_from_text(struct text text)
{
    int32_t year, month, day;
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-' || !digits(text.at, 4, &year) ||
        !digits(text.at + 5, 2, &month) || !digits(text.at + 8, 2, &day))
        return 0;
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > month_length(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

void day_to_text(int32_t day, char out[DAY_TEXT_SIZE])
{
    uint32_t d = (uint32_t)day % 100000000u;
    (void)snprintf(out, DAY_TEXT_SIZE, "%04u-%02u-%02u", d / 10000u, d / 100u % 100u, d % 100u);
}

int32_t day_number(int32_t day)
{
    int32_t y = day / 10000, m = day / 100 % 100, d = day % 100;
    y -= m <= 2;
    int32_t era = y / 400, yoe = y - era * 400;
    int32_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int32_t day_from_number(int32_t number)
{
    int32_t z = number + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int32_t d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
    return (yoe + era * 400 + (m <= 2)) * 10000 + m * 100 + d;
}

int32_t day_of_moment(int64_t wall_ms, int32_t offset_minutes)
{
    int64_t local = wall_ms + (int64_t)offset_minutes * 60000;
    return day_from_number((int32_t)((local - (local < 0 ? DAY_MS - 1 : 0)) / DAY_MS));
}

void moment_to_text(int64_t wall_ms, char out[MOMENT_TEXT_SIZE])
{
    char day[DAY_TEXT_SIZE];
    day_to_text(day_of_moment(wall_ms, 0), day);
    uint32_t ms = (uint32_t)(((wall_ms % DAY_MS) + DAY_MS) % DAY_MS);
    (void)snprintf(out, MOMENT_TEXT_SIZE, "%sT%02u:%02u:%02u.%03uZ", day, ms / 3600000u % 24u,
        ms / 60000u % 60u, ms / 1000u % 60u, ms % 1000u);
}

bool moment_from_text(struct text t, int64_t *ret_wall_ms)
{
    int32_t h = 0, m = 0, s = 0, ms = 0;
    if (t.len != MOMENT_TEXT_SIZE - 1 || t.at[10] != 'T' || t.at[13] != ':' || t.at[16] != ':' ||
        t.at[19] != '.' || t.at[23] != 'Z')
        return false;
    int32_t day = day_from_text((struct text){t.at, 10});
    if (!day || !digits(t.at + 11, 2, &h) || !digits(t.at + 14, 2, &m) ||
        !digits(t.at + 17, 2, &s) || !digits(t.at + 20, 3, &ms) || h > 23 || m > 59 || s > 59)
        return false;
    *ret_wall_ms = day_number(day) * DAY_MS + h * 3600000 + m * 60000 + s * 1000 + ms;
    return true;
}
