/* Limits of the x12 room, each with its reason. */
#ifndef CLAIMVET_X12_LIMITS_H
#define CLAIMVET_X12_LIMITS_H

#ifdef X12_LIMITS_SMALL
/* For the fuzzer: block ends and overlong segments within reach of small inputs. */
#define X12_BLOCK_BYTES 600
#define X12_SEGMENT_BYTES_MAX 900
#define X12_PIECE_BYTES 192
#else
/* Bytes asked of the source at once: large enough that calls do not count, small enough that the
 * block stays in the second-level cache while it is read. */
#define X12_BLOCK_BYTES (256 * 1024)
/* The longest segment of the professional claim guide stays below 2 KiB; 64 KiB leaves room for
 * any sender and keeps a file without terminators from growing in memory. */
#define X12_SEGMENT_BYTES_MAX (64 * 1024)
/* Bytes whose separators are looked for at once: the positions of one piece stay in the first-level
 * cache, and a file that changes separators often rescans only one piece. */
#define X12_PIECE_BYTES (16 * 1024)
#endif
/* A padded ISA has 106 bytes, overlong ones of 127 were seen; what is longer is no ISA. */
#define X12_ISA_BYTES_MAX 512
/* Notices kept until they are taken: more says nothing new to a person and memory stays constant.
 */
#define X12_NOTICES_MAX 200
/* Control numbers have 9 characters; longer ones are compared by their length and first part. */
#define X12_CONTROL_BYTES_MAX 24

#endif
