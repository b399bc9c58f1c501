/* Struct and bytes are one allocation: an append costs one malloc from queueing to its answer. */
#include "ledger/command.h"

#include "base/must.h"

#include <stdlib.h>

struct command *command_new(enum command_kind kind, struct text bytes)
{
    struct command *command = malloc(sizeof *command + bytes.len);
    must(command);
    *command = (struct command){.kind = kind, .len = bytes.len};
    if (bytes.len)
        memcpy(command->bytes, bytes.at, bytes.len);
    return command;
}

void command_free(struct command *command)
{
    reply_free(&command->held);
    free(command);
}

void queue_push(struct queue *queue, struct command *command)
{
    command->next = NULL;
    if (queue->last)
        queue->last->next = command;
    else
        queue->head = command;
    queue->last = command;
}

struct command *queue_pop(struct queue *queue)
{
    struct command *command = queue->head;
    if (!command)
        return NULL;
    queue->head = command->next;
    if (!queue->head)
        queue->last = NULL;
    return command;
}

void queue_prepend(struct queue *queue, struct queue *first)
{
    if (!first->head)
        return;
    first->last->next = queue->head;
    if (!queue->last)
        queue->last = first->last;
    queue->head = first->head;
    *first = (struct queue){0};
}

void queue_free(struct queue *queue)
{
    for (struct command *command; (command = queue_pop(queue));)
        command_free(command);
}
