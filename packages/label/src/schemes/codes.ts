/** The refusals of the mail marking and the document property (spec/label.md section 9); the other syntaxes use the common codes. */
export type SchemeCode =
  | 'label/mail-form'
  | 'label/mail-key'
  | 'label/mail-order'
  | 'label/mail-value'
  | 'label/mail-expiry'
  | 'label/property'
