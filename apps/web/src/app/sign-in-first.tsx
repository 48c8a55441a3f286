import { lazy, Suspense } from 'react';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const Forms = lazy(() =>
  import('../slices/session/sign-in-page.tsx').then(({ SignInForms }) => ({
    default: SignInForms,
  })),
);

/** Shown in place of a page that needs one to be signed in; its address stays for afterwards. */
export function SignInFirst() {
  return (
    <Page title="Sign in" width="narrow">
      <Suspense fallback={<Skeleton what="the ways in" />}>
        <Forms onDone={() => location.reload()} />
      </Suspense>
    </Page>
  );
}
