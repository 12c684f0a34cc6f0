/** Test code awaits and drops on purpose. */
export const isTest = (path: string): boolean =>
  /(?:^|\/)(?:tests?|testing|conftest\.py|__tests__|__mocks__)(?:\/|$)|(?:^|\/)test_[^/]*\.py$|_test\.py$|\.(?:test|spec)\.[cm]?[jt]sx?$/.test(
    path,
  );
