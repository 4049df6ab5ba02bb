/*
 * The original word2vec (Mikolov et al. 2013) as a peer. Its source is not part of this project: -DWORD2VEC='"/…/word2vec.c"' names
 * it. It is compiled as it stands, but that its main has another name, and that the begin and the end of its threads are noted.
 *
 * Arguments: number of threads, text, a file for the tables. Each training is a process of its own, once through the text.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int noted_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static int noted_join(pthread_t, void **);

#define main word2vec_main
#define pthread_create noted_create
#define pthread_join noted_join
#include WORD2VEC
#undef main
#undef pthread_create
#undef pthread_join

/* What a training tells the process that waits for it. */
static struct {
  double begin, end;
  long long words, parameters;
} *noted;

static const char *tables_file;
static int joined;

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static int noted_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *argument) {
  if (noted->begin == 0) noted->begin = seconds_now();
  return pthread_create(thread, how, run, argument);
}

/* Of each word its name, a line feed, its vectors in the middle and near another. Word 0 is the end of a line; there is none. */
static void write_tables(void) {
  FILE *out = fopen(tables_file, "wb");
  for (long long word = 1; word < vocab_size; word++) {
    fprintf(out, "%s\n", vocab[word].word);
    fwrite(&syn0[word * layer1_size], sizeof(real), layer1_size, out);
    fwrite(&syn1neg[word * layer1_size], sizeof(real), layer1_size, out);
  }
  fclose(out);
}

static int noted_join(pthread_t thread, void **result) {
  int failed = pthread_join(thread, result);
  if (++joined == num_threads) {
    noted->end = seconds_now();
    noted->words = train_words;
    noted->parameters = 2 * (vocab_size - 1) * layer1_size;
    write_tables();
  }
  return failed;
}

static void train(char *threads, char *text) {
  char *arguments[] = {"word2vec", "-train", text, "-output", "/dev/null", "-binary", "1", "-threads", threads, "-cbow", "0",
      "-hs", "0", "-size", "100", "-window", "5", "-negative", "5", "-sample", "0", "-min-count", "5", "-iter", "1", "-alpha", "0.025",
      "-debug", "0"};
  noted->begin = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    if (freopen("/dev/null", "w", stdout) == NULL) exit(1);
    exit(word2vec_main(sizeof arguments / sizeof *arguments, arguments));
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
    fprintf(stderr, "word2vec.c has not ended well\n");
    exit(1);
  }
}

/* Milliseconds for each 100,000 words. */
static double milliseconds(void) {
  return (noted->end - noted->begin) * 1e3 / noted->words * 1e5;
}

int main(int count, char **values) {
  if (count != 4 || strlen(values[2]) >= MAX_STRING) {
    fprintf(stderr, "expected a number of threads, a text whose path is shorter than %d bytes, a file for the tables\n", MAX_STRING);
    return 1;
  }
  double started = seconds_now();
  noted = mmap(NULL, sizeof *noted, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  tables_file = values[3];
  train(values[1], values[2]);
  printf("{\"peer\": \"word2vec.c\", \"mode\": \"\", \"threads\": %s, \"parameters\": %lld, \"second_biases\": 0, "
         "\"first_step_s\": %.3f, \"planned_mb\": 0}\n", values[1], noted->parameters, noted->begin - started);
  fflush(stdout);
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    if (strstr(line, "\"step\"")) {
      char *asked = strstr(line, "\"seconds\":");
      double end = seconds_now() + (asked ? atof(asked + 10) : 0);
      const char *before = "{\"ms\": [";
      do {
        train(values[1], values[2]);
        printf("%s%.3f", before, milliseconds());
        before = ", ";
      } while (seconds_now() < end);
      printf("]}\n");
    } else if (strstr(line, "\"memory\"")) {
      struct rusage used;
      getrusage(RUSAGE_CHILDREN, &used);
      printf("{\"peak_mb\": %.1f}\n", used.ru_maxrss / 1024.0);
    } else {
      fprintf(stderr, "expected step or memory, found %s", line);
      return 1;
    }
    fflush(stdout);
  }
  return 0;
}
