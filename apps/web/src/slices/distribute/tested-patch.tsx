import type { AdvisoryView } from '@breakwater/contract';
import { validate, verify } from '@breakwater/contract';
import { Command } from '../../ui/copy.tsx';
import { Download } from '../session/download.tsx';

/** The files of a tested patch, and how to tell that they came whole. */
export function TestedPatch({ patch }: { readonly patch: NonNullable<AdvisoryView['patch']> }) {
  const { id, sha256, attestation } = patch;
  const fileName = `${id}.diff`;
  return (
    <>
      <p className="files">
        <Download operation={verify.file} input={{ params: { patch: id } }} fileName={fileName}>
          Download the patch
        </Download>
        {attestation === null ? null : (
          <Download
            operation={validate.attestation}
            input={{ params: { attestation } }}
            fileName={`${attestation}.dsse.json`}
          >
            Download the signed test result
          </Download>
        )}
      </p>
      <p className="small">After the download, this command must print the same digits as here:</p>
      <Command text={`sha256sum ${fileName}`} />
      <p>
        <code className="whole-digest">{sha256.replace('sha256:', '')}</code>
      </p>
    </>
  );
}
