"""Counts its own starts. Nobody else can read the count, and nobody can forge it:
count.py SEALED ATTESTATION keeps it in one file and has the host attest it into the other."""
import os
import sys

import grpc
import tao_pb2 as tao

host = grpc.insecure_channel(os.environ["KEYSTEAD_TAO"])


def ask(method, request, reply):
    call = host.unary_unary(
        "/dev.keystead.tao.v1.Tao/" + method,
        request_serializer=type(request).SerializeToString,
        response_deserializer=reply.FromString,
    )
    return call(request)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


sealed, attestation = sys.argv[1:]
starts = 0
if os.path.exists(sealed):
    with open(sealed, "rb") as file:
        request = tao.UnsealRequest(sealed_blob=file.read())
    starts = int(ask("Unseal", request, tao.UnsealReply).data)
text = b"start %d" % (starts + 1)
blob = ask("Seal", tao.SealRequest(data=text.split()[1]), tao.SealReply)
write(sealed, blob.sealed_blob)
write(attestation, ask("Attest", tao.AttestRequest(data=text), tao.AttestReply).attestation)
print(text.decode())
