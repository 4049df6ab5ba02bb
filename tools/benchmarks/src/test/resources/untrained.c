/* Takes the place of word2vec.c: has its globals and its thread, and learns nothing, all vectors are 0. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STRING 100

typedef float real;
struct vocab_word {
  char *word;
};

struct vocab_word vocab[10000];
long long vocab_size = 1, layer1_size = 100, train_words = 0;
int num_threads = 1;
real *syn0, *syn1neg;

static int order(const void *a, const void *b) { return strcmp(*(char *const *) a, *(char *const *) b); }

static void *nothing(void *id) { return id; }

int main(int argc, char **argv) {
  static char *words[1000000];
  static char word[MAX_STRING];
  pthread_t thread;
  FILE *text = fopen(argv[2], "r");
  while (fscanf(text, "%99s", word) == 1) words[train_words++] = strdup(word);
  qsort(words, train_words, sizeof *words, order);
  for (long long i = 0; i < train_words; i++) {
    if (i == 0 || strcmp(words[i], words[i - 1]) != 0) vocab[vocab_size++].word = words[i];
  }
  syn0 = calloc(vocab_size * layer1_size, sizeof(real));
  syn1neg = calloc(vocab_size * layer1_size, sizeof(real));
  pthread_create(&thread, NULL, nothing, NULL);
  pthread_join(thread, NULL);
  return 0;
}
