/** The refusals of the machine forms: XML, clearances, policies, ESS, XEP-0258. */
export type FormCode = 'form/xml'
