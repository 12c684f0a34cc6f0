/** Without these bytes no line of a file is a merge's conflict marker. Apart from the extractor, which is loaded when it is needed. */
export const conflictMark = Buffer.from("<<<<<<<");
