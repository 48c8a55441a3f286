import type { Notice } from '@breakwater/contract';
import { useState } from 'react';
import { localZone } from '../../ui/moment.tsx';
import { cardText } from './card-text.ts';

/** Phones share; most desks do not. */
const canShare: boolean = 'share' in navigator;

/** Gives the card to whoever is to do it: by the phone's own sharing, or as text to paste. */
export function HandOver({ notice }: { readonly notice: Notice }) {
  const [said, setSaid] = useState('');
  const text = cardText(notice, localZone());
  async function send(): Promise<void> {
    try {
      if (canShare) {
        await navigator.share({ title: notice.card.headline, text });
        setSaid('Handed on. Press “Somebody else does it” below, so that we know.');
      } else {
        await navigator.clipboard.writeText(text);
        setSaid('Copied: paste it into a message. Then press “Somebody else does it” below.');
      }
    } catch {
      setSaid('Nothing was sent. Print the card, or try again.');
    }
  }
  return (
    <div className="hand-over no-print">
      <p className="small soft">
        Not your job? Give this card to whoever looks after your computers.
      </p>
      <div className="buttons">
        <button type="button" className="button" onClick={() => void send()}>
          Send this card
        </button>
        <button type="button" className="button" onClick={() => print()}>
          Print
        </button>
      </div>
      <p className="small" role="status">
        {said}
      </p>
    </div>
  );
}
