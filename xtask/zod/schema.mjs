// The body of `POST /v2/gateway8`, declared for zod in the order in which the server checks it.

import { COUNTRIES } from "./countries.mjs";

export const PATTERNS = {
  phone: /^\d{1,3} \d{4,14}$/,
  digits: /^\d*$/,
  decimal: /^\d+(\.\d{1,18})?$/,
};

export function gateway8(z) {
  const text = (min, max) => z.string().min(min).max(max);
  const code = (min, max) => z.string().regex(PATTERNS.digits).min(min).max(max);

  return z.object({
    amount: z.number().min(10).max(50000).multipleOf(0.01),
    accountId: z.string().min(1),
    baseCurrency: z.enum(["EUR", "USD"]),
    customerId: z.string().min(1),
    customerDateOfBirth: z.string().date(),
    customerEmail: z.string().email(),
    customerFirstName: text(1, 128),
    customerLastName: text(1, 128),
    customerPhone: z.string().regex(PATTERNS.phone),
    userIp: z.string().ip(),
    billingAddress: z.object({
      addressLine1: text(1, 300),
      addressLine2: z.string().max(300).optional(),
      city: text(1, 50),
      countryCode: z.string().refine((text) => COUNTRIES.has(text)),
      postalCode: text(1, 12),
      state: text(1, 40),
    }),
    card: z.object({
      cardNumber: z
        .string()
        .transform((text) => text.replace(/\D/g, ""))
        .pipe(text(12, 23)),
      cardholderName: text(1, 128),
      expiryMonth: code(2, 2),
      expiryYear: code(4, 4),
      cardSecurityCode: code(3, 4),
    }),
    invoiceStrategy: z.enum(["fixed", "floating"]).optional(),
    orderId: z.string().min(1).optional(),
    redirectUrl: z.string().url().max(512).optional(),
  });
}

/** What the server answers about `body`, a JSON text. */
export function envelope(schema, body) {
  const result = schema.safeParse(JSON.parse(body));
  return result.success ? { success: true } : { errors: result.error.issues, success: false };
}
