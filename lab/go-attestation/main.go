// Command goattestation gives a second opinion on a node's evidence: Google's
// go-attestation judges the same bytes that Keystead's agent produced.
//
// It reads one JSON document from standard input and prints what it accepted,
// one line each. It exits with 1 and a reason at the first thing it refuses.
package main

import (
	"crypto"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/google/go-attestation/attest"
)

// maxInput bounds what is read: a quote, its PCR values and a boot log.
const maxInput = 64 << 20

// evidence is the input. Byte fields are standard base64.
type evidence struct {
	// AK is TPMT_PUBLIC, without a size in front.
	AK []byte `json:"ak"`
	// Quote is TPMS_ATTEST as it was signed.
	Quote []byte `json:"quote"`
	// Signature is TPMT_SIGNATURE.
	Signature []byte `json:"signature"`
	// Nonce is the qualifying data.
	Nonce []byte `json:"nonce"`
	// PCRs are the sha256 values by index.
	PCRs map[int][]byte `json:"pcrs"`
	// BootLog is the TCG log, absent when there is none.
	BootLog []byte `json:"bootLog"`
}

func main() {
	if err := judge(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func judge(in io.Reader, out io.Writer) error {
	var e evidence
	if err := json.NewDecoder(io.LimitReader(in, maxInput)).Decode(&e); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	ak, err := attest.ParseAKPublic(e.AK)
	if err != nil {
		return fmt.Errorf("attestation key: %w", err)
	}
	var pcrs []attest.PCR
	for index, digest := range e.PCRs {
		pcrs = append(pcrs, attest.PCR{Index: index, Digest: digest, DigestAlg: crypto.SHA256})
	}
	if err := ak.Verify(attest.Quote{Quote: e.Quote, Signature: e.Signature}, pcrs, e.Nonce); err != nil {
		return fmt.Errorf("quote: %w", err)
	}
	for _, pcr := range pcrs {
		if !pcr.QuoteVerified() {
			return fmt.Errorf("PCR %d is not covered by the quote", pcr.Index)
		}
	}
	fmt.Fprintf(out, "quote accepted: %d PCRs\n", len(pcrs))
	if len(e.BootLog) == 0 {
		return nil
	}
	log, err := attest.ParseEventLog(e.BootLog)
	if err != nil {
		return fmt.Errorf("boot log: %w", err)
	}
	events, err := log.Verify(pcrs)
	if err != nil {
		return fmt.Errorf("boot log: %w", err)
	}
	fmt.Fprintf(out, "boot log accepted: %d events\n", len(events))
	if state, err := attest.ParseSecurebootState(events); err == nil {
		fmt.Fprintf(out, "secure boot: %v\n", state.Enabled)
	}
	return nil
}
