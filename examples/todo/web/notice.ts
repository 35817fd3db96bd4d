import { byId, setText } from './dom.ts'

/** Says above the list what happened to a list; it stays until it is dismissed, or there is something newer to say. */
export function notice(text: string): void {
  byId('notice').hidden = text === ''
  setText(byId('notice-text'), text)
  byId('notice-dismiss').onclick = () => {
    notice('')
    byId('list-name').focus()
  }
}
