import type { ReactNode } from 'react'
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField, useFilter } from 'react-aria-components'
import { useKeyActs } from '../keys/keys.ts'
import { useWords } from './language.tsx'

/** Finds an act by its name and does it, and teaches its key beside it. */
export function Palette({ open, close }: { readonly open: boolean; readonly close: () => void }): ReactNode {
  const { say } = useWords()
  const acts = useKeyActs().filter(({ keys }) => keys !== 'Ctrl K')
  const { contains } = useFilter({ sensitivity: 'base' })
  return (
    <ModalOverlay isOpen={open} onOpenChange={(now) => (now ? undefined : close())} isDismissable className="overlay">
      <Modal className="palette">
        <Dialog aria-label={say('frame/palette')} className="palette-dialog">
          <Autocomplete filter={contains}>
            <SearchField autoFocus aria-label={say('frame/palette')} className="palette-search">
              <Input placeholder={say('frame/palette-placeholder')} />
            </SearchField>
            <Menu
              items={acts.map((act) => ({ ...act, id: act.keys }))}
              className="palette-list"
              aria-label={say('frame/palette')}
              renderEmptyState={() => <p className="palette-empty">{say('frame/palette-empty')}</p>}
            >
              {(act) => (
                <MenuItem
                  id={act.id}
                  textValue={say(act.says)}
                  className="palette-item"
                  onAction={() => {
                    close()
                    // After the dialog has gone: focus is back where the act expects it.
                    setTimeout(() => act.run(), 0)
                  }}
                >
                  <span>{say(act.says)}</span>
                  <kbd>{act.keys}</kbd>
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
