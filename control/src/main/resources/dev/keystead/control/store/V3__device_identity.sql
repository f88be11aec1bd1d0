-- What a TPM's maker or a device's says of it beside the EK: TPM2B_PUBLIC and certificates in DER.
ALTER TABLE registration ADD COLUMN iak_tpm BYTEA;
ALTER TABLE registration ADD COLUMN iak_cert BYTEA;
ALTER TABLE registration ADD COLUMN idevid_tpm BYTEA;
ALTER TABLE registration ADD COLUMN idevid_cert BYTEA;
