/* Parses the command line by the option table. */
#include <string.h>

#include "cli/cli.h"

#define ON(name) (UINT32_C(1) << COMMAND_##name)
#define ON_ALL UINT32_MAX
#define ON_CLAIMS (ON(AUDIT) | ON(EXPLAIN) | ON(FIX) | ON(WHATIF) | ON(REPORT))
#define ON_PRICES (ON(AUDIT) | ON(PRICE) | ON(FIX) | ON(WHATIF) | ON(REPORT))

const struct cli_command_row cli_commands[COMMANDS] = {
#define COMMAND(name, word, arguments, summary, about) {word, arguments, summary, about},
#define OPTION(name, commands, word, letter, argument, values, about)
#include "cli/options.def"
};

const struct cli_option_row cli_options[OPTIONS] = {
#define COMMAND(name, word, arguments, summary, about)
#define OPTION(name, commands, word, letter, argument, values, about)                              \
    {commands, word, letter, argument, values, about},
#include "cli/options.def"
};

static int complain(struct out *err, const char *before, struct view word, const char *after) {
    OUT_TEXT(err, "claimvet: ");
    out_view(err, view_of(before));
    out_view(err, word);
    out_view(err, view_of(after));
    OUT_TEXT(err, "\n");
    return STATUS_USAGE;
}

static int option_find(struct view word) {
    for (int i = 0; i < OPTIONS; i++) {
        if (view_equal(word, view_of(cli_options[i].word))) {
            return i;
        }
    }
    return -1;
}

static int letter_find(char letter) {
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].letter == letter) {
            return i;
        }
    }
    return -1;
}

static bool word_allowed(const char *values, struct view word) {
    struct view rest = view_of(values);
    while (rest.at) {
        if (view_equal(view_cut(&rest, ' '), word)) {
            return true;
        }
    }
    return false;
}

/* A cursor over the words of the command line. */
struct words {
    char **at;
    int count;
    int next;
};

/* Takes the option's value, from behind '=' or as the next word. */
static int option_take(struct cli_arguments *arguments, struct words *words, int option,
                       const char *attached, struct out *err) {
    const struct cli_option_row *row = &cli_options[option];
    arguments->given[option] = true;
    if (!row->argument) {
        return attached ? complain(err, "--", view_of(row->word), " takes no value") : STATUS_OK;
    }
    if (!attached && words->next >= words->count) {
        return complain(err, "--", view_of(row->word), " needs a value");
    }
    const char *value = attached ? attached : words->at[words->next++];
    if (row->values && !word_allowed(row->values, view_of(value))) {
        complain(err, "--", view_of(row->word), " takes one of: ");
        err->size--; /* goes on in the same line */
        out_view(err, view_of(row->values));
        OUT_TEXT(err, "\n");
        return STATUS_USAGE;
    }
    arguments->value[option] = value;
    if (option == OPTION_APPLY) {
        if (arguments->apply_count == CLI_APPLY_MAX) {
            return complain(err, "--", view_of(row->word), " is given too often: use commas");
        }
        arguments->apply[arguments->apply_count++] = value;
    }
    return STATUS_OK;
}

static int long_option(struct cli_arguments *arguments, struct words *words, char *word,
                       struct out *err) {
    char *equals = strchr(word, '=');
    struct view name = {word, equals ? equals - word : (ptrdiff_t)strlen(word)};
    int option = option_find(name);
    if (option < 0) {
        return complain(err, "unknown option --", name, "; see claimvet help");
    }
    return option_take(arguments, words, option, equals ? equals + 1 : NULL, err);
}

static int short_options(struct cli_arguments *arguments, struct words *words, char *letters,
                         struct out *err) {
    for (; *letters; letters++) {
        int option = letter_find(*letters);
        if (option < 0) {
            return complain(err, "unknown option -", (struct view){letters, 1},
                            "; see claimvet help");
        }
        bool takes = cli_options[option].argument != NULL;
        char *attached = takes && letters[1] ? letters + 1 : NULL;
        int status = option_take(arguments, words, option, attached, err);
        if (status != STATUS_OK || takes) {
            return status;
        }
    }
    return STATUS_OK;
}

static int command_find(struct view word) {
    for (int i = 0; i < COMMANDS; i++) {
        if (view_equal(word, view_of(cli_commands[i].word))) {
            return i;
        }
    }
    return -1;
}

/* Options of another command are refused, so that none is ignored in silence. */
static int options_fit(const struct cli_arguments *arguments, struct out *err) {
    for (int i = 0; i < OPTIONS; i++) {
        if (arguments->given[i] && !(cli_options[i].commands >> arguments->command & 1)) {
            complain(err, "--", view_of(cli_options[i].word), " does not belong to the command ");
            err->size--;
            out_view(err, view_of(cli_commands[arguments->command].word));
            OUT_TEXT(err, "\n");
            return STATUS_USAGE;
        }
    }
    return STATUS_OK;
}

int cli_parse(struct cli_arguments *arguments, int count, char **words_at, struct out *err) {
    struct words words = {words_at, count, 1};
    bool commanded = false;
    bool literal = false; /* behind "--" */
    *arguments = (struct cli_arguments){.command = COMMAND_HELP, .rest = words_at};
    while (words.next < words.count) {
        char *word = words.at[words.next++];
        int status = STATUS_OK;
        if (!literal && strcmp(word, "--") == 0) {
            literal = true;
        } else if (!literal && word[0] == '-' && word[1] == '-') {
            status = long_option(arguments, &words, word + 2, err);
        } else if (!literal && word[0] == '-' && word[1]) {
            status = short_options(arguments, &words, word + 1, err);
        } else if (!commanded) {
            int command = command_find(view_of(word));
            if (command < 0) {
                return complain(err, "unknown command ", view_of(word), "; see claimvet help");
            }
            arguments->command = (enum cli_command)command;
            commanded = true;
        } else {
            arguments->rest[arguments->rest_count++] = word; /* always behind the read position */
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return options_fit(arguments, err);
}
