/* Single keys from a terminal over POSIX. */
#include <errno.h>
#include <termios.h>
#include <unistd.h>

#include "os/os.h"

#define KEY_INTERRUPT 3
#define KEY_END 4

/* Signals of the terminal are off while a key is waited for: its settings would stay changed. */
bool os_key(char *key) {
    struct termios before;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) {
        return false;
    }
    ssize_t got;
    do {
        got = read(STDIN_FILENO, key, 1);
    } while (got < 0 && errno == EINTR);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    return got == 1 && *key != KEY_INTERRUPT && *key != KEY_END;
}
