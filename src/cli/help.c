/* --help, the man page and the completions, all from the option table. */
#include <string.h>

#include "cli/cli.h"
#include "version.h"

static void option_print(struct out *out, const struct cli_option_row *row) {
    const char *argument = row->argument ? row->argument : "";
    size_t used = 8 + strlen(row->word) + strlen(argument) + (row->argument ? 1 : 0);
    if (row->letter) {
        out_format(out, "  -%c, ", row->letter);
    } else {
        out_pad(out, 6);
    }
    out_format(out, "--%s%s%s", row->word, row->argument ? " " : "", argument);
    out_pad(out, used < 25 ? 26 - (ptrdiff_t)used : 1);
    out_wrap(out, view_of(row->about), 26, (int)(used < 25 ? 26 : used + 1), CLI_WIDTH);
}

static void options_print(struct out *out, enum cli_command command) {
    OUT_TEXT(out, "\nOptions:\n");
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].commands >> command & 1) {
            option_print(out, &cli_options[i]);
        }
    }
}

static void command_print(struct out *out, enum cli_command command) {
    const struct cli_command_row *row = &cli_commands[command];
    out_format(out, "usage: claimvet %s [options] %s\n\n", row->word, row->arguments);
    out_wrap(out, view_of(row->about), 0, 0, CLI_WIDTH);
    options_print(out, command);
}

static const char exit_statuses[] =
    "0  no finding of severity error (with --strict, also nothing left unjudged)\n"
    "1  findings of severity error\n"
    "2  wrong usage\n"
    "3  input that cannot be read\n"
    "4  the machine failed: memory, disk, permissions\n";

static void overview_print(struct out *out) {
    OUT_TEXT(out, "claimvet " CLAIMVET_VERSION
                  ": vets medical claims before they go out\n\nusage: claimvet COMMAND "
                  "[options] [arguments]\n\nCommands:\n");
    for (int i = 0; i < COMMANDS; i++) {
        const struct cli_command_row *row = &cli_commands[i];
        out_format(out, "  %-9s %-14s ", row->word, row->arguments);
        out_wrap(out, view_of(row->summary), 27, 27, CLI_WIDTH);
    }
    OUT_TEXT(out, "\nExit status:\n");
    struct view rest = view_of(exit_statuses);
    while (rest.size > 0) {
        OUT_TEXT(out, "  ");
        out_view(out, view_cut(&rest, '\n'));
        OUT_TEXT(out, "\n");
    }
    OUT_TEXT(out, "\nTry: claimvet audit examples/pain-clinic.837\n"
                  "     claimvet help audit\n");
}

int command_help(struct cli *cli, const struct cli_arguments *arguments) {
    enum cli_command command = arguments->command;
    if (command == COMMAND_HELP && arguments->rest_count > 0) {
        for (int i = 0; i < COMMANDS; i++) {
            if (strcmp(cli_commands[i].word, arguments->rest[0]) == 0) {
                command_print(&cli->out, (enum cli_command)i);
                return STATUS_OK;
            }
        }
        return cli_usage(cli, "unknown command %.60s", arguments->rest[0]);
    }
    if (command == COMMAND_HELP) {
        overview_print(&cli->out);
    } else {
        command_print(&cli->out, command);
    }
    return STATUS_OK;
}

/* ---- man page ---------------------------------------------------------------------------- */

/* A leading dot or quote would be a request, a hyphen a typographic one. */
static void roff(struct out *out, const char *text) {
    if (*text == '.' || *text == '\'') {
        OUT_TEXT(out, "\\&");
    }
    for (; *text; text++) {
        if (*text == '-' || *text == '\\') {
            out_char(out, '\\');
        }
        out_char(out, *text);
    }
}

static void man_option(struct out *out, const struct cli_option_row *row) {
    OUT_TEXT(out, ".TP\n");
    if (row->letter) {
        out_format(out, "\\fB\\-%c\\fR, ", row->letter);
    }
    OUT_TEXT(out, "\\fB\\-\\-");
    roff(out, row->word);
    OUT_TEXT(out, "\\fR");
    if (row->argument) {
        out_format(out, " \\fI%s\\fR", row->argument);
    }
    OUT_TEXT(out, "\n");
    roff(out, row->about);
    OUT_TEXT(out, "\n");
}

static void man_command(struct out *out, int command) {
    const struct cli_command_row *row = &cli_commands[command];
    out_format(out, ".SS \"claimvet %s %s\"\n", row->word, row->arguments);
    roff(out, row->about);
    OUT_TEXT(out, "\n");
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].commands != UINT32_MAX && cli_options[i].commands >> command & 1) {
            man_option(out, &cli_options[i]);
        }
    }
}

static void man_print(struct out *out) {
    OUT_TEXT(out, ".TH CLAIMVET 1 " CLAIMVET_DATE " \"claimvet " CLAIMVET_VERSION "\"\n.SH NAME\n"
                  "claimvet \\- vets medical claims before they go out\n.SH SYNOPSIS\n"
                  ".B claimvet\n.I command\n[options] [arguments]\n.SH COMMANDS\n");
    for (int i = 0; i < COMMANDS; i++) {
        man_command(out, i);
    }
    OUT_TEXT(out, ".SH OPTIONS\nEvery command takes these.\n");
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].commands == UINT32_MAX) {
            man_option(out, &cli_options[i]);
        }
    }
    OUT_TEXT(out, ".SH \"EXIT STATUS\"\n.nf\n");
    roff(out, exit_statuses);
    OUT_TEXT(out, ".fi\n.SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhen set, text is not coloured.\n");
}

/* ---- completions ------------------------------------------------------------------------- */

static void words_print(struct out *out, int command) {
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].commands >> command & 1) {
            out_format(out, " --%s", cli_options[i].word);
        }
    }
}

static void bash_print(struct out *out) {
    OUT_TEXT(out, "_claimvet() {\n    local word=${COMP_WORDS[COMP_CWORD]} "
                  "before=${COMP_WORDS[COMP_CWORD-1]}\n    case $before in\n");
    for (int i = 0; i < OPTIONS; i++) {
        if (cli_options[i].values) {
            out_format(out, "    --%s) COMPREPLY=($(compgen -W \"%s\" -- \"$word\")); return ;;\n",
                       cli_options[i].word, cli_options[i].values);
        }
    }
    OUT_TEXT(out, "    esac\n    if [ \"$COMP_CWORD\" = 1 ]; then\n"
                  "        COMPREPLY=($(compgen -W \"");
    for (int i = 0; i < COMMANDS; i++) {
        out_format(out, "%s%s", i ? " " : "", cli_commands[i].word);
    }
    OUT_TEXT(out, " --help --version\" -- \"$word\")); return\n    fi\n"
                  "    case $word in -*) ;; *) COMPREPLY=($(compgen -f -- \"$word\")); return ;; "
                  "esac\n    case ${COMP_WORDS[1]} in\n");
    for (int i = 0; i < COMMANDS; i++) {
        out_format(out, "    %s) COMPREPLY=($(compgen -W \"", cli_commands[i].word);
        words_print(out, i);
        OUT_TEXT(out, "\" -- \"$word\")) ;;\n");
    }
    OUT_TEXT(out, "    esac\n}\ncomplete -o filenames -F _claimvet claimvet\n");
}

static void zsh_quoted(struct out *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'') {
            OUT_TEXT(out, "'\\''");
        } else if (*text == '[' || *text == ']' || *text == ':') {
            out_char(out, '\\');
            out_char(out, *text);
        } else {
            out_char(out, *text);
        }
    }
}

static void zsh_option(struct out *out, const struct cli_option_row *row) {
    out_format(out, "            '--%s[", row->word);
    zsh_quoted(out, row->about);
    OUT_TEXT(out, "]");
    if (row->values) {
        out_format(out, ":%s:(%s)", row->argument, row->values);
    } else if (row->argument) {
        out_format(out, ":%s:%s", row->argument,
                   strcmp(row->argument, "FILE") == 0 ? "_files" : "");
    }
    OUT_TEXT(out, "' \\\n");
}

static void zsh_print(struct out *out) {
    OUT_TEXT(out, "#compdef claimvet\n_claimvet() {\n    local -a commands=(\n");
    for (int i = 0; i < COMMANDS; i++) {
        out_format(out, "        '%s:", cli_commands[i].word);
        zsh_quoted(out, cli_commands[i].summary);
        OUT_TEXT(out, "'\n");
    }
    OUT_TEXT(out, "    )\n    if (( CURRENT == 2 )); then\n"
                  "        _describe command commands\n        return\n    fi\n"
                  "    case $words[2] in\n");
    for (int i = 0; i < COMMANDS; i++) {
        out_format(out, "    %s)\n        _arguments \\\n", cli_commands[i].word);
        for (int o = 0; o < OPTIONS; o++) {
            if (cli_options[o].commands >> i & 1) {
                zsh_option(out, &cli_options[o]);
            }
        }
        OUT_TEXT(out, "            '*:file:_files'\n        ;;\n");
    }
    OUT_TEXT(out, "    esac\n}\n_claimvet \"$@\"\n");
}

int command_generate(struct cli *cli, const struct cli_arguments *arguments) {
    const char *what = arguments->rest_count == 1 ? arguments->rest[0] : "";
    if (strcmp(what, "man") == 0) {
        man_print(&cli->out);
    } else if (strcmp(what, "bash") == 0) {
        bash_print(&cli->out);
    } else if (strcmp(what, "zsh") == 0) {
        zsh_print(&cli->out);
    } else {
        return cli_usage(cli, "generate what? man, bash or zsh");
    }
    return STATUS_OK;
}
