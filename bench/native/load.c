/*
 * A load client for loopback: one thread, epoll, HTTP/1.1 with keep-alive. It prints one line of key=value words.
 *
 *   load rate    PORT CONNECTIONS RATE SECONDS REQUEST...          one request after the other, RATE a second
 *   load pairs   PORT CONNECTIONS RATE SECONDS COMMIT RESERVE...   a reservation and its commit, RATE pairs a second
 *   load streams PORT STREAMS RAMP_MILLIS TIMEOUT_SECONDS REQUEST  that many streams at once
 *
 * REQUEST, COMMIT and RESERVE name files with the bytes of a whole HTTP request; several take turns. In COMMIT, "@id@" (36
 * characters once replaced: rsv_ and 32 digits) stands for the reservation's id, and Content-Length must be right.
 *
 * RATE keeps an open loop: a request is due at its own time whatever became of those before, and its latency counts from then, so
 * that a server that stalls cannot hide it. RATE 0 is a closed loop: every connection sends as fast as it is answered.
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
  ANSWER_BYTES_MAX = 65536,
  REQUEST_BYTES_MAX = 8192,
  REQUESTS_MAX = 256,
  LATENCIES_MAX = 20000000,
  FILES_MAX = 65536,
  READY_MAX = 1024,
  GRACE_SECONDS = 5,
  STREAM_EVENTS = 19, /* those with a time; the last event has none */
  ID_LENGTH = 36
};

#define NANOS_PER_MILLI 1000000L
#define NANOS_PER_SECOND 1000000000L

typedef struct {
  int length;
  char bytes[REQUEST_BYTES_MAX];
} request;

typedef struct {
  int fd;
  int length;
  int busy;
  int committing;
  long due;
  long step_began;
  /* streams only */
  int done;
  int begun;
  int saw_done;
  int events;
  int scanned;
  char buffer[ANSWER_BYTES_MAX];
} connection;

typedef struct {
  long *nanos;
  long count;
} latencies;

static int poller;
static int port;
static connection *connections;
static request requests[REQUESTS_MAX];
static int request_count;
static request commit;
static int connection_count;
static int pairs;

static long now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * NANOS_PER_SECOND + t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static latencies new_latencies(void) {
  latencies l = {malloc(sizeof(long) * LATENCIES_MAX), 0};
  return l;
}

static void note(latencies *l, long nanos) {
  if (l->count < LATENCIES_MAX) l->nanos[l->count++] = nanos;
}

static int by_value(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

static void print_latencies(const char *name, latencies *l) {
  if (!l->count) return;
  qsort(l->nanos, l->count, sizeof(long), by_value);
  static const struct {
    const char *name;
    double share;
  } ranks[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
  for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
    printf(" %s_%s_ms=%.3f", name, ranks[i].name, l->nanos[(long)(l->count * ranks[i].share)] / 1e6);
  }
  printf(" %s_max_ms=%.3f", name, l->nanos[l->count - 1] / 1e6);
}

static void read_request(const char *path, request *r) {
  FILE *f = fopen(path, "r");
  if (!f) fail(path);
  r->length = fread(r->bytes, 1, REQUEST_BYTES_MAX - 1, f);
  r->bytes[r->length] = 0;
  fclose(f);
}

static int dial(int index) {
  int one = 1;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (connect(fd, (void *)&address, sizeof address)) {
    close(fd);
    return -1;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct epoll_event e = {.events = EPOLLIN, .data.u32 = index};
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
  return fd;
}

static int send_request(connection *c, const request *r) {
  c->length = 0;
  c->step_began = now_nanos();
  return send(c->fd, r->bytes, r->length, MSG_NOSIGNAL) == r->length;
}

/* Whether a whole answer is in the buffer. */
static int complete(connection *c) {
  c->buffer[c->length] = 0;
  char *head_end = strstr(c->buffer, "\r\n\r\n");
  if (!head_end) return 0;
  char *chunked = strcasestr(c->buffer, "transfer-encoding:");
  if (chunked && chunked < head_end) {
    char *end = c->buffer + c->length;
    return end >= head_end + 9 && !memcmp(end - 5, "0\r\n\r\n", 5);
  }
  char *sized = strcasestr(c->buffer, "content-length:");
  if (!sized || sized > head_end) return 0;
  return c->length >= (head_end - c->buffer) + 4 + atoi(sized + 15);
}

static int succeeded(const connection *c) { return !strncmp(c->buffer, "HTTP/1.1 2", 10); }

/* Sends the commit of the reservation whose answer is in the buffer. */
static int send_commit(connection *c) {
  char *body = strstr(c->buffer, "\r\n\r\n");
  char *id = body ? strstr(body, "rsv_") : 0;
  char *place = strstr(commit.bytes, "@id@");
  if (!id || !place) return 0;
  request r;
  int before = place - commit.bytes;
  int after = commit.length - before - 4;
  memcpy(r.bytes, commit.bytes, before);
  memcpy(r.bytes + before, id, ID_LENGTH);
  memcpy(r.bytes + before + ID_LENGTH, place + 4, after);
  r.length = before + ID_LENGTH + after;
  c->committing = 1;
  return send_request(c, &r);
}

/* A run of requests, or of pairs of them. */
static struct {
  long rate;
  long began;
  long end;
  long total;
  long sent;
  long good;
  long errors;
  long finished;
  long late_max; /* how late this client itself was; more than a moment makes the latencies doubtful */
  int *idle;
  int idle_count;
  latencies whole, reserve, commit;
} run;

static long due_at(long number) { return run.began + (long)((double)number * NANOS_PER_SECOND / run.rate); }

static int running(void) {
  long now = now_nanos();
  if (now > run.end + GRACE_SECONDS * NANOS_PER_SECOND) return 0;
  return run.rate ? run.good + run.errors < run.total : now < run.end || run.idle_count < connection_count;
}

static void send_due(void) {
  long now = now_nanos();
  if (!run.rate && now >= run.end) return;
  while (run.sent < run.total && run.idle_count > 0) {
    long due = run.rate ? due_at(run.sent) : now;
    if (due > now) return;
    if (now - due > run.late_max) run.late_max = now - due;
    connection *c = &connections[run.idle[--run.idle_count]];
    c->due = due;
    c->busy = 1;
    c->committing = 0;
    /* A connection that cannot take it is closed, and counted where that is read. */
    if (!send_request(c, &requests[run.sent % request_count])) shutdown(c->fd, SHUT_RDWR);
    run.sent++;
  }
}

static struct timespec until_next(void) {
  long wait = 50 * NANOS_PER_MILLI;
  if (run.rate && run.sent < run.total && run.idle_count > 0) {
    wait = due_at(run.sent) - now_nanos();
    if (wait < 0) wait = 0;
  }
  struct timespec t = {wait / NANOS_PER_SECOND, wait % NANOS_PER_SECOND};
  return t;
}

static void answered(int index) {
  connection *c = &connections[index];
  long at = now_nanos();
  int good = succeeded(c);
  if (good && pairs && !c->committing) {
    note(&run.reserve, at - c->step_began);
    if (send_commit(c)) return;
    good = 0;
  }
  if (good) {
    if (pairs) note(&run.commit, at - c->step_began);
    note(&run.whole, at - c->due);
    run.good++;
    run.finished = at;
  } else if (run.errors++ == 0) {
    fprintf(stderr, "load: first unexpected answer:\n%s\n", c->buffer);
  }
  c->busy = 0;
  run.idle[run.idle_count++] = index;
}

static void reconnect(int index) {
  connection *c = &connections[index];
  epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, 0);
  close(c->fd);
  c->fd = dial(index);
  if (c->fd < 0) fail("load: connect again");
  if (c->busy) {
    run.errors++;
    c->busy = 0;
    run.idle[run.idle_count++] = index;
  }
}

static void receive(int index) {
  connection *c = &connections[index];
  int got = recv(c->fd, c->buffer + c->length, sizeof c->buffer - 1 - c->length, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    reconnect(index);
    return;
  }
  c->length += got;
  if (c->busy && complete(c)) answered(index);
}

static int run_requests(long rate, long seconds) {
  static struct epoll_event ready[READY_MAX];
  run.whole = new_latencies();
  run.reserve = new_latencies();
  run.commit = new_latencies();
  run.idle = malloc(sizeof(int) * connection_count);
  for (int i = 0; i < connection_count; i++) {
    connections[i].fd = dial(i);
    if (connections[i].fd < 0) fail("load: connect");
    run.idle[run.idle_count++] = i;
  }
  run.rate = rate;
  run.total = rate ? rate * seconds : LATENCIES_MAX;
  run.began = now_nanos();
  run.end = run.began + seconds * NANOS_PER_SECOND;
  run.finished = run.began;
  while (running()) {
    send_due();
    struct timespec timeout = until_next();
    int n = epoll_pwait2(poller, ready, READY_MAX, &timeout, 0);
    for (int i = 0; i < n; i++) receive(ready[i].data.u32);
  }
  double took = (run.finished - run.began) / 1e9;
  printf("ok=%ld errors=%ld unanswered=%ld seconds=%.2f per_second=%.0f late_max_ms=%.3f", run.good, run.errors,
         run.sent - run.good - run.errors, took, took > 0 ? run.good / took : 0, run.late_max / 1e6);
  print_latencies("all", &run.whole);
  if (pairs) {
    print_latencies("reserve", &run.reserve);
    print_latencies("commit", &run.commit);
  }
  puts("");
  return 0;
}

static latencies lag;
static latencies first_event;

/* Notes the lag of every event that is new in the buffer. */
static void scan_events(connection *c, long at) {
  char *p = c->buffer + c->scanned;
  while ((p = strstr(p, "\"t\":"))) {
    char *end;
    long written = strtol(p + 4, &end, 10);
    if (*end == 0) return; /* the number may go on in the next read */
    note(&lag, at - written);
    if (c->events++ == 0) note(&first_event, at - c->due);
    p = end;
    c->scanned = p - c->buffer;
  }
}

static int run_streams(int ramp_millis, long timeout_seconds) {
  static struct epoll_event ready[READY_MAX];
  int opened = 0, whole = 0, broken = 0, refused = 0;
  lag = new_latencies();
  first_event = new_latencies();
  long began = now_nanos();
  long deadline = began + timeout_seconds * NANOS_PER_SECOND;
  while (whole + broken < connection_count && now_nanos() < deadline) {
    long now = now_nanos();
    while (opened < connection_count &&
           now - began >= (long)((double)opened / connection_count * ramp_millis * NANOS_PER_MILLI)) {
      connection *c = &connections[opened];
      c->fd = dial(opened);
      opened++;
      if (c->fd >= 0) c->due = now_nanos();
      if (c->fd < 0 || !send_request(c, &requests[0])) {
        c->done = 1;
        broken++;
      }
    }
    int n = epoll_wait(poller, ready, READY_MAX, opened < connection_count ? 1 : 200);
    for (int i = 0; i < n; i++) {
      connection *c = &connections[ready[i].data.u32];
      if (c->done) continue;
      int got = recv(c->fd, c->buffer + c->length, sizeof c->buffer - 1 - c->length, MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0) {
        broken++;
        c->done = 1;
        close(c->fd);
        continue;
      }
      long at = now_nanos();
      c->length += got;
      c->buffer[c->length] = 0;
      if (!c->begun) {
        c->begun = 1;
        if (!succeeded(c) && refused++ == 0) fprintf(stderr, "load: first unexpected answer:\n%s\n", c->buffer);
      }
      scan_events(c, at);
      c->saw_done |= strstr(c->buffer, "[DONE]") != 0;
      if (complete(c)) {
        c->done = 1;
        close(c->fd);
        if (c->saw_done && c->events == STREAM_EVENTS) {
          whole++;
        } else {
          broken++;
        }
      }
    }
  }
  printf("streams=%d whole=%d broken=%d unfinished=%d refused=%d seconds=%.2f", connection_count, whole, broken,
         connection_count - whole - broken, refused, (now_nanos() - began) / 1e9);
  print_latencies("first", &first_event);
  print_latencies("lag", &lag);
  puts("");
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 7) {
    fputs("usage: load rate|pairs|streams PORT …\n", stderr);
    return 2;
  }
  struct rlimit files = {FILES_MAX, FILES_MAX};
  signal(SIGPIPE, SIG_IGN);
  setrlimit(RLIMIT_NOFILE, &files);
  int at = 6;
  port = atoi(argv[2]);
  connection_count = atoi(argv[3]);
  connections = calloc(connection_count, sizeof *connections);
  poller = epoll_create1(0);
  pairs = !strcmp(argv[1], "pairs");
  if (pairs) read_request(argv[at++], &commit);
  while (at < argc && request_count < REQUESTS_MAX) read_request(argv[at++], &requests[request_count++]);
  if (request_count == 0) {
    fputs("load: name a file with a request\n", stderr);
    return 2;
  }
  if (!strcmp(argv[1], "streams")) return run_streams(atoi(argv[4]), atol(argv[5]));
  return run_requests(atol(argv[4]), atol(argv[5]));
}
