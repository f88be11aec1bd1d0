/* Counts its own starts; nobody else can read or forge the count: count SEALED ATTESTATION.
   gRPC by hand: a POST of one protobuf message (TAG SIZE BYTES) behind five bytes with its size. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t ask(const char *method, const char *message, size_t size, char reply[40960]) {
  char url[80], frame[4096] = {0, 0, 0, size >> 8, size};
  struct curl_slist *type = curl_slist_append(NULL, "content-type: application/grpc");
  FILE *body = fmemopen(reply, 40960, "wb");
  CURL *host = curl_easy_init();
  snprintf(url, sizeof url, "http://localhost/dev.keystead.tao.v1.Tao/%s", method);
  curl_easy_setopt(host, CURLOPT_URL, url);
  curl_easy_setopt(host, CURLOPT_UNIX_SOCKET_PATH, getenv("KEYSTEAD_TAO") + strlen("unix:"));
  curl_easy_setopt(host, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
  curl_easy_setopt(host, CURLOPT_HTTPHEADER, curl_slist_append(type, "te: trailers"));
  curl_easy_setopt(host, CURLOPT_POSTFIELDSIZE, 5 + (long)size);
  curl_easy_setopt(host, CURLOPT_POSTFIELDS, memcpy(frame + 5, message, size) - 5);
  curl_easy_setopt(host, CURLOPT_WRITEDATA, body);
  if (curl_easy_perform(host) || ftell(body) < 8) exit((fprintf(stderr, "no %s\n", method), 1));
  size = ftell(body);
  return fclose(body), size;
}

int main(int count, char **files) {
  if (count != 3) return 2;
  static char text[32], blob[4000], reply[40960]; /* A SealReply is an UnsealRequest too. */
  FILE *file = fopen(files[1], "rb");
  if (file) ask("Unseal", blob, fread(blob, 1, sizeof blob, file), reply);
  text[1] = sprintf(text + 2, "start %d", file ? atoi(reply + 13) + 1 : 1);
  text[0] = 0x0a; /* In a SealRequest the data is field 1, in an AttestRequest field 2. */
  size_t size = ask("Seal", text, 2 + text[1], reply) - 5;
  if (!(file = fopen(files[1], "wb")) || !fwrite(reply + 5, size, 1, file) || fclose(file)) return 1;
  text[0] = 0x12;
  size = ask("Attest", text, 2 + text[1], reply) - 8; /* Its size takes two bytes. */
  if (!(file = fopen(files[2], "wb")) || !fwrite(reply + 8, size, 1, file) || fclose(file)) return 1;
  return puts(text + 2) < 0;
}
