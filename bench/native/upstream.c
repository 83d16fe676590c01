/*
 * A model provider that costs far less than any proxy under test: one thread, epoll, HTTP/1.1 with keep-alive.
 *
 *   upstream PORT        0 picks a free port; the first line on standard output is "port N"
 *
 * The request's body decides on the answer:
 *   "mock":"slow"        server-sent events, EVENTS of them, one every SLOW_MILLIS
 *   "stream":true        server-sent events, EVENTS of them, each in its own write, all at once
 *   anything else        about 1 KB of JSON
 * Every event but the last carries "t":<nanoseconds of CLOCK_MONOTONIC>, so that a client can measure how late it is.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  EVENTS = 20,
  SLOW_MILLIS = 500,
  CONNECTIONS_MAX = 65536,
  REQUEST_BYTES_MAX = 16384,
  READY_MAX = 1024,
  ACCEPT_BACKLOG = 4096,
  ANSWER_WORDS = 620,
  SLOW_QUEUE = 1 << 20 /* a power of two */
};

#define NANOS_PER_MILLI 1000000L
#define NANOS_PER_SECOND 1000000000L

typedef struct {
  int fd;
  int length;
  int slow;
  int events_sent;
  int continued; /* "100 Continue" was sent for the request that is being read */
  long due;
  char buffer[REQUEST_BYTES_MAX];
} connection;

static connection *connections[CONNECTIONS_MAX];
static int poller;

static char json_answer[2048];
static int json_length;

/* Slow streams wait in the order of their next event: all have the same interval. */
static int slow_fd[SLOW_QUEUE];
static long slow_due[SLOW_QUEUE];
static unsigned slow_head, slow_tail;

static const char STREAM_HEAD[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream\r\n"
    "Cache-Control: no-cache\r\n"
    "x-request-id: req_0123456789abcdef\r\n"
    "openai-processing-ms: 12\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";

static long now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * NANOS_PER_SECOND + t.tv_nsec;
}

static void drop(connection *c) {
  epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, 0);
  close(c->fd);
  connections[c->fd] = 0;
  free(c);
}

static int send_all(connection *c, const char *bytes, int length) {
  int sent = 0;
  while (sent < length) {
    int n = send(c->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno != EAGAIN) return -1;
      usleep(50);
      continue;
    }
    sent += n;
  }
  return 0;
}

/* Writes event number `index` as one HTTP chunk and returns its length. */
static int event(char *out, int index) {
  static const char CHUNK[] =
      "data: {\"id\":\"chatcmpl-9abcDEF0123456789\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,"
      "\"model\":\"gpt-4o-mini\",\"t\":%ld,";
  char data[1024];
  int n;
  if (index == EVENTS - 1) {
    n = sprintf(data, "data: [DONE]\n\n");
  } else {
    n = sprintf(data, CHUNK, now_nanos());
    if (index == EVENTS - 2) {
      n += sprintf(data + n,
                   "\"choices\":[],\"usage\":{\"prompt_tokens\":42,\"completion_tokens\":18,\"total_tokens\":60,"
                   "\"prompt_tokens_details\":{\"cached_tokens\":0}}}\n\n");
    } else {
      n += sprintf(data + n,
                   "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token%02d\"},\"logprobs\":null,"
                   "\"finish_reason\":null}]}\n\n",
                   index);
    }
  }
  int head = sprintf(out, "%x\r\n", n);
  memcpy(out + head, data, n);
  memcpy(out + head + n, "\r\n", 2);
  return head + n + 2;
}

static int send_event(connection *c, int index) {
  char out[2048];
  int n = event(out, index);
  if (index == EVENTS - 1) {
    memcpy(out + n, "0\r\n\r\n", 5);
    n += 5;
  }
  return send_all(c, out, n);
}

static void wait_slowly(connection *c, long due) {
  c->due = due;
  slow_fd[slow_tail & (SLOW_QUEUE - 1)] = c->fd;
  slow_due[slow_tail & (SLOW_QUEUE - 1)] = due;
  slow_tail++;
}

static int answer(connection *c, const char *body) {
  if (strstr(body, "\"mock\":\"slow\"")) {
    if (send_all(c, STREAM_HEAD, sizeof STREAM_HEAD - 1) || send_event(c, 0)) return -1;
    c->slow = 1;
    c->events_sent = 1;
    wait_slowly(c, now_nanos() + SLOW_MILLIS * NANOS_PER_MILLI);
    return 0;
  }
  if (strstr(body, "\"stream\":true")) {
    if (send_all(c, STREAM_HEAD, sizeof STREAM_HEAD - 1)) return -1;
    for (int i = 0; i < EVENTS; i++) {
      if (send_event(c, i)) return -1;
    }
    return 0;
  }
  return send_all(c, json_answer, json_length);
}

/* Copies a chunked body and returns the length of the whole request; 0 if it is not complete yet. */
static int read_chunked(connection *c, char *p, char *body, int *body_length) {
  char *end = c->buffer + c->length;
  for (;;) {
    char *line_end = memchr(p, '\n', end - p);
    if (!line_end) return 0;
    long n = strtol(p, 0, 16);
    p = line_end + 1;
    if (end - p < n + 2) return 0;
    memcpy(body + *body_length, p, n);
    *body_length += n;
    p += n + 2;
    if (n == 0) return p - c->buffer;
  }
}

/* Copies a body of known length and returns the length of the whole request; 0 if it is not complete yet. */
static int read_sized(connection *c, int head, int length, char *body, int *body_length) {
  if (c->length < head + length) {
    char *expects = strcasestr(c->buffer, "100-continue");
    if (expects && expects < c->buffer + head && !c->continued) {
      c->continued = 1;
      send_all(c, CONTINUE, sizeof CONTINUE - 1);
    }
    return 0;
  }
  memcpy(body, c->buffer + head, length);
  *body_length = length;
  return head + length;
}

/* Answers every complete request in the buffer; -1 if the connection is to be closed. */
static int feed(connection *c) {
  for (;;) {
    c->buffer[c->length] = 0;
    char *head_end = strstr(c->buffer, "\r\n\r\n");
    if (!head_end) return 0;
    int head = head_end - c->buffer + 4;
    char *sized = strcasestr(c->buffer, "content-length:");
    char *chunked = strcasestr(c->buffer, "transfer-encoding:");
    char body[REQUEST_BYTES_MAX];
    int body_length = 0;
    int total;
    if (chunked && chunked < head_end) {
      total = read_chunked(c, c->buffer + head, body, &body_length);
    } else {
      int length = sized && sized < head_end ? atoi(sized + 15) : 0;
      if (head + length >= REQUEST_BYTES_MAX) return -1;
      total = read_sized(c, head, length, body, &body_length);
    }
    if (total == 0) return 0;
    body[body_length] = 0;
    c->continued = 0;
    if (answer(c, body)) return -1;
    memmove(c->buffer, c->buffer + total, c->length - total);
    c->length -= total;
  }
}

static void accept_all(int listener) {
  int one = 1;
  for (;;) {
    int fd = accept4(listener, 0, 0, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= CONNECTIONS_MAX) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connection *c = calloc(1, sizeof *c);
    c->fd = fd;
    connections[fd] = c;
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
  }
}

static void receive(connection *c) {
  int n = recv(c->fd, c->buffer + c->length, sizeof c->buffer - 1 - c->length, 0);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    drop(c);
    return;
  }
  c->length += n;
  if (feed(c)) drop(c);
}

static void send_due_events(void) {
  long now = now_nanos();
  while (slow_head != slow_tail && slow_due[slow_head & (SLOW_QUEUE - 1)] <= now) {
    connection *c = connections[slow_fd[slow_head & (SLOW_QUEUE - 1)]];
    long due = slow_due[slow_head & (SLOW_QUEUE - 1)];
    slow_head++;
    /* The connection may be gone, and its number be that of another one. */
    if (!c || !c->slow || c->due != due) continue;
    int index = c->events_sent++;
    if (c->events_sent == EVENTS) {
      c->slow = 0;
    } else {
      wait_slowly(c, due + SLOW_MILLIS * NANOS_PER_MILLI);
    }
    if (send_event(c, index)) drop(c);
  }
}

static int wait_millis(void) {
  if (slow_head == slow_tail) return -1;
  long left = slow_due[slow_head & (SLOW_QUEUE - 1)] - now_nanos();
  return left <= 0 ? 0 : (int)(left / NANOS_PER_MILLI) + 1;
}

static void make_json_answer(void) {
  char content[ANSWER_WORDS + 1];
  memset(content, 'x', ANSWER_WORDS);
  for (int i = 7; i < ANSWER_WORDS; i += 8) content[i] = ' ';
  content[ANSWER_WORDS] = 0;
  char body[1500];
  int length = sprintf(
      body,
      "{\"id\":\"chatcmpl-9abcDEF0123456789\",\"object\":\"chat.completion\",\"created\":1760000000,"
      "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\","
      "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":42,"
      "\"completion_tokens\":18,\"total_tokens\":60,\"prompt_tokens_details\":{\"cached_tokens\":0}},"
      "\"system_fingerprint\":\"fp_0123456789\"}",
      content);
  json_length = sprintf(json_answer,
                        "HTTP/1.1 200 OK\r\n"
                        "Content-Type: application/json\r\n"
                        "x-request-id: req_0123456789abcdef\r\n"
                        "openai-processing-ms: 12\r\n"
                        "Content-Length: %d\r\n\r\n%s",
                        length, body);
}

static int listen_on(int port) {
  int one = 1;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, size) || listen(listener, ACCEPT_BACKLOG) ||
      getsockname(listener, (void *)&address, &size)) {
    perror("upstream: listen");
    exit(1);
  }
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(int argc, char **argv) {
  static struct epoll_event ready[READY_MAX];
  struct rlimit files = {CONNECTIONS_MAX, CONNECTIONS_MAX};
  signal(SIGPIPE, SIG_IGN);
  setrlimit(RLIMIT_NOFILE, &files);
  make_json_answer();
  int listener = listen_on(argc > 1 ? atoi(argv[1]) : 0);
  poller = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &e);
  for (;;) {
    int n = epoll_wait(poller, ready, READY_MAX, wait_millis());
    for (int i = 0; i < n; i++) {
      int fd = ready[i].data.fd;
      if (fd == listener) {
        accept_all(listener);
      } else if (connections[fd]) {
        receive(connections[fd]);
      }
    }
    send_due_events();
  }
}
