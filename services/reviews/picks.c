#include "picks.h"

void picks_keep(struct pick *list, size_t *count, size_t most, struct pick pick)
{
    size_t place = *count;
    while (place > 0 && pick.worth > list[place - 1].worth)
        place--;
    if (place >= most)
        return;
    if (*count < most)
        ++*count;
    for (size_t i = *count - 1; i > place; i--)
        list[i] = list[i - 1];
    list[place] = pick;
}
