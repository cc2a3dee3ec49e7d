/* What the kernel counts of a TCP connection; apart from the door, since its header and the C library's
 * can't be read together. */
#ifndef PROTO_HTTP_TCP_H
#define PROTO_HTTP_TCP_H

#include <stdint.h>

/* Bytes that came and bytes that the other side has confirmed (RFC 4898: tcpEStatsAppHCThruOctetsReceived
 * and ...Acked); 0 when the socket is no TCP connection. */
uint64_t http_tcp_moved (int fd);

#endif
